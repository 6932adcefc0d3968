import { db, rawRows } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';
import type { CallService } from './service';

/** Whose numbers: all of a contract, or those of one service. */
export interface NumberScope {
  contractId: number;
  month: BillingMonth;
  service?: CallService;
}

export interface NumberOfMonth {
  id: number;
  /** digits */
  number: string;
}

/** The numbers of a contract in a month: those it has, and those that it had when they called. */
const NUMBERS = `
  SELECT id, number, service FROM phone_numbers WHERE contract_id = :contractId
  UNION
  SELECT n.id, n.number, n.service FROM number_sums s JOIN phone_numbers n ON n.id = s.phone_number_id
  WHERE s.contract_id = :contractId AND s.billing_month = :month`;

const numbersOf = ({ service }: NumberScope): string =>
  service
    ? `(SELECT * FROM (${NUMBERS}) AS of_all WHERE service = :service) AS numbers`
    : `(${NUMBERS}) AS numbers`;

export async function countNumbersOfMonth(scope: NumberScope): Promise<number> {
  const [row] = await rawRows<{ total: number }>(db, `SELECT count(*) AS total FROM ${numbersOf(scope)}`, {
    ...scope,
  });
  return row?.total ?? 0;
}

/** A page of the numbers, by number. */
export const listNumbersOfMonth = (
  scope: NumberScope,
  offset: number,
  limit: number,
): Promise<NumberOfMonth[]> =>
  rawRows(db, `SELECT id, number FROM ${numbersOf(scope)} ORDER BY number LIMIT :limit OFFSET :offset`, {
    ...scope,
    limit,
    offset,
  });

/** A number that the contract has, or had in that month. Another contract's is the same as none. */
export async function findNumberOfMonth(scope: NumberScope, id: string): Promise<NumberOfMonth | undefined> {
  if (!/^\d{1,9}$/.test(id)) return undefined;
  const [row] = await rawRows<NumberOfMonth>(
    db,
    `SELECT id, number FROM ${numbersOf(scope)} WHERE id = :id`,
    {
      ...scope,
      id: Number(id),
    },
  );
  return row;
}

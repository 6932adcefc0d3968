import { db, queryRows } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';
import type { CallService } from './service';

/** Whose numbers: all of a contract, or those of one service. */
export interface NumberScope {
  contractId: number;
  month: BillingMonth;
  service?: CallService;
}

export interface NumberInMonth {
  id: number;
  /** digits */
  number: string;
}

/** The numbers of a contract in a month: those it has, and those that it had when they called. */
const NUMBERS_SQL = `
  SELECT id, number, service FROM phone_numbers WHERE contract_id = :contractId
  UNION
  SELECT n.id, n.number, n.service FROM number_sums s JOIN phone_numbers n ON n.id = s.phone_number_id
  WHERE s.contract_id = :contractId AND s.billing_month = :month`;

const buildNumbersQuery = ({ service }: NumberScope): string =>
  service
    ? `(SELECT * FROM (${NUMBERS_SQL}) AS of_all WHERE service = :service) AS numbers`
    : `(${NUMBERS_SQL}) AS numbers`;

export async function countNumbersInMonth(scope: NumberScope): Promise<number> {
  const [row] = await queryRows<{ total: number }>(
    db,
    `SELECT count(*) AS total FROM ${buildNumbersQuery(scope)}`,
    {
      ...scope,
    },
  );
  return row?.total ?? 0;
}

/** A page of the numbers, by number. */
export const listNumbersInMonth = (
  scope: NumberScope,
  offset: number,
  limit: number,
): Promise<NumberInMonth[]> =>
  queryRows(
    db,
    `SELECT id, number FROM ${buildNumbersQuery(scope)} ORDER BY number LIMIT :limit OFFSET :offset`,
    {
      ...scope,
      limit,
      offset,
    },
  );

/** A number that the contract has, or had in that month. Another contract's is the same as none. */
export async function findNumberInMonth(scope: NumberScope, id: string): Promise<NumberInMonth | undefined> {
  if (!/^\d{1,9}$/.test(id)) return undefined;
  const [row] = await queryRows<NumberInMonth>(
    db,
    `SELECT id, number FROM ${buildNumbersQuery(scope)} WHERE id = :id`,
    {
      ...scope,
      id: Number(id),
    },
  );
  return row;
}

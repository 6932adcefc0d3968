import { db, queryRows } from '../../lib/database/db';
import { type BillingMonth, getMonthDays } from '../billing/month';
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

/** The numbers that a contract held on one of the month's days. */
const HELD =
  'number_periods WHERE contract_id = :contractId AND first_day <= :last_day AND last_day >= :first_day';
/** Those that have calls in it: a call that began on a number's last day may end in the next month. */
const CALLED = 'number_sums WHERE contract_id = :contractId AND billing_month = :month';

/** SQL for the ids of a contract's numbers in a month; `buildMonthBindings()` has its values. */
export const NUMBER_IDS_IN_MONTH = `SELECT phone_number_id FROM ${HELD} UNION SELECT phone_number_id FROM ${CALLED}`;

export const buildMonthBindings = ({ contractId, month }: NumberScope) => ({
  contractId,
  month,
  ...getMonthDays(month),
});

const buildNumbersQuery = ({ service }: NumberScope): string =>
  `phone_numbers n JOIN (${NUMBER_IDS_IN_MONTH}) AS own ON own.phone_number_id = n.id ${buildServiceCondition(service)}`;

const buildServiceCondition = (service: CallService | undefined): string =>
  service ? 'AND n.service = :service' : '';

const buildBindings = (scope: NumberScope) => ({
  ...buildMonthBindings(scope),
  ...(scope.service && { service: scope.service }),
});

export async function countNumbersInMonth(scope: NumberScope): Promise<number> {
  const [row] = await queryRows<{ total: number }>(
    db,
    `SELECT count(*) AS total FROM ${buildNumbersQuery(scope)}`,
    buildBindings(scope),
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
    `SELECT n.id, n.number FROM ${buildNumbersQuery(scope)} ORDER BY n.number LIMIT :limit OFFSET :offset`,
    { ...buildBindings(scope), limit, offset },
  );

/** A number that the contract has or had in that month. Another contract's is the same as none. */
export async function findNumberInMonth(scope: NumberScope, id: string): Promise<NumberInMonth | undefined> {
  if (!/^\d{1,9}$/.test(id)) return undefined;
  const [row] = await queryRows<NumberInMonth>(
    db,
    `SELECT n.id, n.number FROM phone_numbers n
    WHERE n.id = :id ${buildServiceCondition(scope.service)} AND (
      EXISTS (SELECT 1 FROM ${HELD} AND phone_number_id = n.id)
      OR EXISTS (SELECT 1 FROM ${CALLED} AND phone_number_id = n.id))`,
    { ...buildBindings(scope), id: Number(id) },
  );
  return row;
}

import { OUTGOING } from '../call/new-call';
import { CATEGORIES, type Category } from '../call/call-type';
import type { Charges } from './number-charges';
import { db, queryRows } from '../../lib/database/db';
import {
  buildFileStatusQuery,
  DETAIL_FILE_KINDS,
  type DetailFileKind,
  type DetailFileStatus,
  expiryCutoff,
} from '../detail-file/detail-file';
import type { BillingMonth } from '../billing/month';

/** A month's row of the charges page. PostgreSQL gives booleans, SQLite 0 or 1. */
export interface MonthlyCharges extends Charges {
  month: BillingMonth;
  has_telegrams: boolean | number;
  /** 確定, before that 速報 */
  is_final: boolean | number;
  fees_file: DetailFileStatus;
  calls_file: DetailFileStatus;
}

const buildChargeColumn = (category: Category): string =>
  `COALESCE(SUM(s.charge) FILTER (WHERE t.category = '${category}'), 0) AS ${category}`;

const buildFileColumn = (kind: DetailFileKind): string =>
  `COALESCE((${buildFileStatusQuery(kind)}), 'none') AS ${kind}_file`;

/** The query for each number of months: building its text takes a while. */
const queries: string[] = [];

/** One query for everything: no page is looked at more often. */
const buildQuery = (months: number): string => `
  WITH months (month) AS (VALUES ${Array.from({ length: months }, (_, index) => `(CAST(:month${index} AS integer))`).join(', ')})
  SELECT month, COALESCE(SUM(s.charge), 0) AS total, ${CATEGORIES.map(buildChargeColumn).join(', ')},
    EXISTS (SELECT 1 FROM telegrams WHERE contract_id = :contractId AND billing_month = month) AS has_telegrams,
    EXISTS (SELECT 1 FROM published_months WHERE billing_month = month) AS is_final,
    ${DETAIL_FILE_KINDS.map(buildFileColumn).join(', ')}
  FROM months
  LEFT JOIN contract_months v ON v.contract_id = :contractId AND v.billing_month = month
  LEFT JOIN contract_sums s
    ON s.contract_id = :contractId AND s.billing_month = month AND s.direction = ${OUTGOING}
  LEFT JOIN call_types t ON t.id = s.call_type_id
  GROUP BY month, v.version
  ORDER BY month DESC`;

/** A line for each of these months, also for those without calls; the newest first. */
export async function listMonthlyCharges(
  contractId: number,
  months: readonly BillingMonth[],
): Promise<MonthlyCharges[]> {
  if (months.length === 0) return [];
  const byName = Object.fromEntries(months.map((month, index) => [`month${index}`, month]));
  const query = (queries[months.length] ??= buildQuery(months.length));
  return queryRows(db, query, { ...byName, contractId, oldestKept: expiryCutoff() });
}

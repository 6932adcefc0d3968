import { db, type Queryable } from '../../lib/database/db';
import type { BillingMonth } from './month';

/**
 * Raises the versions of contracts' months: detail files made before become out of date. Everything that changes what a
 * page or a file of a month shows goes through here, in the transaction of the change. `contractMonths` is SQL that
 * selects `contract_id` and `billing_month`, each pair once.
 */
export async function raiseMonthVersions(
  trx: Queryable,
  contractMonths: string,
  bindings: readonly (string | number)[] = [],
): Promise<void> {
  await trx.raw(
    `INSERT INTO contract_months (contract_id, billing_month, version)
    SELECT contract_id, billing_month, 1 FROM (${contractMonths}) AS touched WHERE true
    ON CONFLICT (billing_month, contract_id) DO UPDATE SET version = contract_months.version + 1`,
    [...bindings],
  );
}

/** Months that have a version or a file, which `condition` selects by contract_id and billing_month. */
const selectKnownMonths = (condition: string): string => `
  SELECT contract_id, billing_month FROM contract_months WHERE ${condition}
  UNION SELECT contract_id, billing_month FROM detail_files WHERE ${condition}`;

/** Raises the versions of all months that contracts have shown. */
export async function raiseVersionsOfContracts(
  trx: Queryable,
  contractIds: readonly number[],
): Promise<void> {
  const ids = [...new Set(contractIds)];
  for (let start = 0; start < ids.length; start += MAX_IDS) {
    const some = ids.slice(start, start + MAX_IDS);
    await raiseMonthVersions(trx, selectKnownMonths(`contract_id IN (${some.join(', ')})`));
  }
}

const MAX_IDS = 500;

/** Raises the versions of a month for all contracts that have shown it. */
export const raiseVersionsOfMonth = (trx: Queryable, month: BillingMonth): Promise<void> =>
  raiseMonthVersions(trx, selectKnownMonths('billing_month = ?'), [month, month]);

/** Raises the versions of single months of contracts. */
export async function raiseVersions(
  trx: Queryable,
  months: readonly { contract_id: number; billing_month: BillingMonth }[],
): Promise<void> {
  const pairs = new Map(months.map((pair) => [`${pair.contract_id} ${pair.billing_month}`, pair]));
  for (const { contract_id, billing_month } of pairs.values())
    await raiseMonthVersions(
      trx,
      'SELECT CAST(? AS integer) AS contract_id, CAST(? AS integer) AS billing_month',
      [contract_id, billing_month],
    );
}

/** The version of a contract's month; 0 where nothing has changed it yet. */
export async function getMonthVersion(
  contract_id: number,
  billing_month: BillingMonth,
  on: Queryable = db,
): Promise<number> {
  const row = await on('contract_months')
    .where({ contract_id, billing_month })
    .first<{ version: number } | undefined>('version');
  return row?.version ?? 0;
}

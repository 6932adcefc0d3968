import { now } from '../../lib/values/clock';
import { db, type Queryable } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';
import { raiseVersionsOfMonth } from '../billing/month-version';
import { lockCalls } from './call-sums';

/** A row of the table `published_months`: a month whose charges are final (確定), before that they are 速報. */
export interface PublishedMonth {
  billing_month: BillingMonth;
  /** Milliseconds. */
  published_at: number;
  published_by: string;
}

/** Publishes a month, which its pages say; false if it was published before. No import changes it meanwhile. */
export async function publishMonth(billing_month: BillingMonth, published_by: string): Promise<boolean> {
  return db.transaction(async (trx) => {
    await lockCalls(trx);
    const added = await trx<PublishedMonth>('published_months')
      .insert({ billing_month, published_at: now(), published_by })
      .onConflict('billing_month')
      .ignore()
      .returning('billing_month');
    if (added.length > 0) await raiseVersionsOfMonth(trx, billing_month);
    return added.length > 0;
  });
}

/** Makes a month's charges provisional (速報) again; false if they are. Calls that came late stay marked as late. */
export async function withdrawMonth(billing_month: BillingMonth): Promise<boolean> {
  return db.transaction(async (trx) => {
    await lockCalls(trx);
    const withdrawn = await trx<PublishedMonth>('published_months').where({ billing_month }).delete();
    if (withdrawn > 0) await raiseVersionsOfMonth(trx, billing_month);
    return withdrawn > 0;
  });
}

export const listPublishedMonths = (): Promise<PublishedMonth[]> =>
  db<PublishedMonth>('published_months').orderBy('billing_month', 'desc');

/** Which of these months are final. */
export async function findPublishedMonths(
  months: readonly BillingMonth[],
  on: Queryable = db,
): Promise<Set<BillingMonth>> {
  const rows = await on<PublishedMonth>('published_months').whereIn('billing_month', [...months]);
  return new Set(rows.map(({ billing_month }) => billing_month));
}

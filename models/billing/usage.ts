import { db, type Queryable } from '../../lib/database/db';
import { hasSameValues } from '../../lib/values/has-same-values';
import { type BillingMonth, getBillingMonth } from './month';
import { raiseVersions } from './month-version';

/** A row of the table `usages`: an Internet session, or a payment (ペイオン). */
export interface Usage {
  id: number;
  /** The billing system's own id. */
  source_id: string;
  contract_id: number;
  service: 'internet' | 'payon';
  billing_month: BillingMonth;
  /** 0.1 s since the epoch: when a session began; of a payment the midnight of its day. */
  used_at: number;
  /** 0.1 s */
  duration: number | null;
  bytes: number | null;
  merchant: string | null;
  /** 1/100 yen */
  amount: number | null;
}

export interface UsageTotals {
  usages: number;
  /** 0.1 s */
  duration: number;
  bytes: number;
  /** 1/100 yen */
  amount: number;
}

/** Creates the usage, or corrects the one of this source id. A session's month is the one in which it ends. */
export async function saveUsage(
  usage: Omit<Usage, 'id' | 'billing_month'>,
  on: Queryable = db,
): Promise<void> {
  const { used_at, duration } = usage;
  const saved = { ...usage, billing_month: getBillingMonth(used_at, duration ?? 0, !duration) };
  const before = await on<Usage>('usages').where({ source_id: usage.source_id }).first();
  if (before && hasSameValues(before, saved)) return;
  await on('usages').insert(saved).onConflict('source_id').merge();
  await raiseVersions(on, before ? [before, saved] : [saved]);
}

type UsageFilter = Pick<Usage, 'contract_id' | 'service' | 'billing_month'>;

/** Oldest first. */
export const listUsages = (filter: UsageFilter, offset: number, limit: number): Promise<Usage[]> =>
  db<Usage>('usages').where(filter).orderBy(['used_at', 'id']).offset(offset).limit(limit);

export async function getUsageTotals(filter: UsageFilter): Promise<UsageTotals> {
  const row = await db('usages')
    .where(filter)
    .count({ usages: '*' })
    .sum({ duration: 'duration', bytes: 'bytes', amount: 'amount' })
    .first<Record<keyof UsageTotals, number | null>>();
  return {
    usages: row.usages ?? 0,
    duration: row.duration ?? 0,
    bytes: row.bytes ?? 0,
    amount: row.amount ?? 0,
  };
}

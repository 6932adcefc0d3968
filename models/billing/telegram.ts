import { db, type Queryable } from '../../lib/database/db';
import { hasSameValues } from '../../lib/values/has-same-values';
import { type BillingMonth, getMonthOfDate } from './month';
import { raiseVersions } from './month-version';

/** A row of the table `telegrams` (電報). */
export interface Telegram {
  id: number;
  /** The billing system's own id. */
  source_id: string;
  contract_id: number;
  phone_number_id: number;
  billing_month: BillingMonth;
  /** YYYY-MM-DD in Japan */
  sent_on: string;
  recipient: string;
  kind: string;
  count: number;
  /** 1/100 yen */
  charge: number;
}

/** A telegram with the number it was sent from, as the page shows it. */
export type ListedTelegram = Telegram & { number: string };

/** Creates the telegram, or corrects the one of this source id. The month is that of the day it was sent. */
export async function saveTelegram(
  telegram: Omit<Telegram, 'id' | 'billing_month'>,
  on: Queryable = db,
): Promise<void> {
  const saved = { ...telegram, billing_month: getMonthOfDate(telegram.sent_on) };
  const before = await on<Telegram>('telegrams').where({ source_id: telegram.source_id }).first();
  if (before && hasSameValues(before, saved)) return;
  await on('telegrams').insert(saved).onConflict('source_id').merge();
  await raiseVersions(on, before ? [before, saved] : [saved]);
}

/** Oldest first. */
export const listTelegrams = (
  contractId: number,
  month: BillingMonth,
  offset: number,
  limit: number,
): Promise<ListedTelegram[]> =>
  db<ListedTelegram>('telegrams')
    .join('phone_numbers', 'phone_numbers.id', 'telegrams.phone_number_id')
    .where({ 'telegrams.contract_id': contractId, billing_month: month })
    .orderBy(['sent_on', 'telegrams.id'])
    .offset(offset)
    .limit(limit)
    .select('telegrams.*', 'phone_numbers.number');

export async function countTelegrams(contractId: number, month: BillingMonth): Promise<number> {
  const row = await db('telegrams')
    .where({ contract_id: contractId, billing_month: month })
    .count({ telegrams: '*' })
    .first<{ telegrams: number }>();
  return row.telegrams;
}

import {
  createCallBatch,
  getCallIdOffset,
  type NewCallBatch,
  reserveBatchId,
  saveBatchMonths,
} from './batch';
import type { MonthSum } from './sum-accumulator';
import type { Queryable } from '../../lib/database/db';
import { findPublishedMonths } from './published-month';
import { copyStagedCalls, removeKnownCalls, sumStagedCalls } from './staging-table';
import { addToSummaries } from './call-sums';

export interface MergeResult {
  /** Undefined if nothing was added. */
  batchId?: number;
  added: number;
  duplicates: number;
  /** The calls among those added whose months had been published. */
  late: number;
}

export type NewBatch = Omit<NewCallBatch, 'id' | 'added' | 'duplicates' | 'duration' | 'charge' | 'late'>;

/** Adds the staged calls that are not known; `records` were staged. */
export async function mergeNewCalls(trx: Queryable, batch: NewBatch, records: number): Promise<MergeResult> {
  await removeKnownCalls(trx);
  const months = await sumStagedCalls(trx);
  const added = sumMonths(months, 'calls');
  if (added === 0) return { added, duplicates: records, late: 0 };
  const id = await reserveBatchId(trx);
  await copyStagedCalls(trx, getCallIdOffset(id), records);
  await addToSummaries(trx, 'staged_calls');
  return saveBatch(trx, { id, ...batch }, months, records - added);
}

/** Counts what mergeNewCalls() would add. */
export async function previewMerge(trx: Queryable, records: number): Promise<MergeResult> {
  await removeKnownCalls(trx);
  const months = await sumStagedCalls(trx);
  const added = sumMonths(months, 'calls');
  return { added, duplicates: records - added, late: await countLate(trx, months) };
}

/** Saves the batch that has added these months' calls. */
export async function saveBatch(
  trx: Queryable,
  batch: NewBatch & { id: number },
  months: MonthSum[],
  duplicates: number,
): Promise<MergeResult> {
  const added = sumMonths(months, 'calls');
  const late = await countLate(trx, months);
  const sums = { duration: sumMonths(months, 'duration'), charge: sumMonths(months, 'charge') };
  await createCallBatch(trx, { ...batch, ...sums, added, duplicates, late });
  await saveBatchMonths(trx, batch.id, months, await findPublishedAmong(trx, months));
  return { batchId: batch.id, added, duplicates, late };
}

const sumMonths = (months: MonthSum[], name: 'calls' | 'duration' | 'charge'): number =>
  months.reduce((sum, month) => sum + month[name], 0);

const findPublishedAmong = (trx: Queryable, months: MonthSum[]): Promise<Set<number>> =>
  findPublishedMonths(
    months.map(({ billing_month }) => billing_month),
    trx,
  );

async function countLate(trx: Queryable, months: MonthSum[]): Promise<number> {
  const published = await findPublishedAmong(trx, months);
  const late = months.filter(({ billing_month }) => published.has(billing_month));
  return sumMonths(late, 'calls');
}

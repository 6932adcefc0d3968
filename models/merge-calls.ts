import type { Knex } from 'knex';
import { CALLS_PER_BATCH, createCallBatch, type NewCallBatch, saveBatchMonths } from './call-batch';
import type { Queryable } from './db';
import { publishedMonths } from './published-month';
import { copyStagedCalls, removeKnownCalls, type StagedMonth, sumStagedCalls } from './staged-calls';
import type { StagedSums } from './staged-sums';
import { addGroupsToSummaries, addToSummaries } from './summary';

export interface MergeResult {
  /** Undefined where nothing was added. */
  batchId?: number;
  added: number;
  duplicates: number;
  /** Of those added, in months that had been published. */
  late: number;
}

export type NewBatch = Omit<NewCallBatch, 'added' | 'duplicates' | 'duration' | 'charge' | 'late'>;

/** Brings all staged calls in. Fails, as copyStagedCalls() does, where one of them is known. */
export async function mergeNewCalls(
  trx: Knex.Transaction,
  batch: NewBatch,
  sums: StagedSums,
): Promise<MergeResult> {
  const result = await copyCounted(trx, batch, await countMonths(trx, sums.months), 0, sums.numbers);
  if (sums.isComplete) {
    await sums.write(trx, 'call_groups');
    await addGroupsToSummaries(trx);
  } else await addToSummaries(trx, 'staged_calls');
  return result;
}

/** Brings those of the staged calls in that are not known; `records` were staged. */
export async function mergeUnknownCalls(
  trx: Queryable,
  batch: NewBatch,
  records: number,
): Promise<MergeResult> {
  await removeKnownCalls(trx);
  const counts = await countMonths(trx, await sumStagedCalls(trx));
  if (counts.added === 0) return { added: 0, duplicates: records, late: 0 };
  const result = await copyCounted(trx, batch, counts, records - counts.added, Infinity);
  await addToSummaries(trx, 'staged_calls');
  return result;
}

/** What mergeUnknownCalls() would bring in. */
export async function previewMerge(trx: Queryable, records: number): Promise<MergeResult> {
  await removeKnownCalls(trx);
  const { added, late } = await countMonths(trx, await sumStagedCalls(trx));
  return { added, duplicates: records - added, late };
}

async function copyCounted(
  trx: Queryable,
  batch: NewBatch,
  { months, published, ...counted }: MonthCounts,
  duplicates: number,
  numbers: number,
): Promise<MergeResult> {
  const batchId = await createCallBatch(trx, { ...batch, ...counted, duplicates });
  await saveBatchMonths(trx, batchId, months, published);
  await copyStagedCalls(trx, batchId * CALLS_PER_BATCH, { records: counted.added + duplicates, numbers });
  return { batchId, added: counted.added, duplicates, late: counted.late };
}

type MonthCounts = Awaited<ReturnType<typeof countMonths>>;

async function countMonths(trx: Queryable, months: StagedMonth[]) {
  const published = await publishedMonths(
    months.map(({ billing_month }) => billing_month),
    trx,
  );
  const sum = (name: 'calls' | 'duration' | 'charge', of = months) =>
    of.reduce((total, month) => total + month[name], 0);
  const late = months.filter(({ billing_month }) => published.has(billing_month));
  return {
    months,
    published,
    added: sum('calls'),
    late: sum('calls', late),
    duration: sum('duration'),
    charge: sum('charge'),
  };
}

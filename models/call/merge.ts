import type { Queryable } from '../../lib/database/db';
import {
  createCallBatch,
  getCallIdOffset,
  type NewCallBatch,
  reserveBatchId,
  saveBatchMonths,
  saveBatchOverlaps,
} from './batch';
import { addToSummaries, subtractFromSummaries } from './call-sums';
import { findPublishedMonths } from './published-month';
import {
  copyStagedCalls,
  countOverlaps,
  type DifferingCall,
  findKnownCalls,
  listDifferingCalls,
  type MonthSum,
  removeKnownCalls,
  sumStagedCalls,
  takeReplacedCalls,
} from './staging-table';

export interface MergeResult {
  /** Undefined if none of the file's calls is there. */
  batchId?: number;
  added: number;
  /** Calls that were there before, or stood twice in the file. */
  duplicates: number;
  /** The duplicates among them whose records say something else than those that are kept. */
  differing: number;
  differences: DifferingCall[];
  /** The calls among those added that took the place of earlier ones. */
  replaced: number;
  /** The calls among those added whose months had been published. */
  late: number;
}

export type NewBatch = Omit<
  NewCallBatch,
  | 'id'
  | 'added'
  | 'duplicates'
  | 'duration'
  | 'charge'
  | 'late'
  | 'differing'
  | 'replaced'
  | 'identity_version'
>;

export interface MergeOptions {
  /** How many calls are staged. */
  staged: number;
  /** The last batch of version 0.1.0, where there is one. */
  lastOldBatch: number | undefined;
  /** Known calls that differ are replaced by those of the file. */
  isReplacing: boolean;
}

/** Adds the staged calls that are not known, with their batch and their sums, in a transaction that holds lockCalls(). */
export async function mergeNewCalls(
  trx: Queryable,
  batch: NewBatch,
  { staged, lastOldBatch, isReplacing }: MergeOptions,
): Promise<MergeResult> {
  await findKnownCalls(trx, lastOldBatch);
  const overlaps = await countOverlaps(trx);
  const replaced = isReplacing ? await replaceCalls(trx) : 0;
  const { count: differing, first: differences } = await listDifferingCalls(trx);
  await removeKnownCalls(trx);
  const months = await sumStagedCalls(trx);
  const added = sumMonths(months, 'calls');
  const counts = { added, duplicates: staged - added, differing, replaced };
  if (staged === 0) return { ...counts, differences, late: 0 };
  const id = await reserveBatchId(trx);
  if (added > 0) {
    await copyStagedCalls(trx, getCallIdOffset(id), months);
    await addToSummaries(trx, 'staged_calls');
  }
  const published = await findPublishedAmong(trx, months);
  const late = countLate(months, published);
  const sums = { duration: sumMonths(months, 'duration'), charge: sumMonths(months, 'charge') };
  await createCallBatch(trx, { ...batch, id, ...sums, ...counts, late, identity_version: 2 });
  await saveBatchMonths(trx, id, months, published);
  await saveBatchOverlaps(trx, id, overlaps);
  return { batchId: id, ...counts, differences, late };
}

async function replaceCalls(trx: Queryable): Promise<number> {
  const replaced = await takeReplacedCalls(trx);
  if (replaced > 0) await subtractFromSummaries(trx, 'replaced_calls');
  await trx.raw('DROP TABLE replaced_calls');
  return replaced;
}

/** Counts what mergeNewCalls() would add. */
export async function previewMerge(
  trx: Queryable,
  { staged, lastOldBatch, isReplacing }: MergeOptions,
): Promise<MergeResult> {
  await findKnownCalls(trx, lastOldBatch);
  const { count, first } = await listDifferingCalls(trx);
  const replaced = isReplacing ? first.filter(({ batch }) => batch !== null).length : 0;
  await removeKnownCalls(trx);
  const months = await sumStagedCalls(trx);
  const added = sumMonths(months, 'calls') + replaced;
  const late = countLate(months, await findPublishedAmong(trx, months));
  const counts = { added, duplicates: staged - added, differing: count - replaced, replaced };
  return { ...counts, differences: isReplacing ? [] : first, late };
}

const sumMonths = (months: MonthSum[], name: 'calls' | 'duration' | 'charge'): number =>
  months.reduce((sum, month) => sum + month[name], 0);

const findPublishedAmong = (trx: Queryable, months: MonthSum[]): Promise<Set<number>> =>
  findPublishedMonths(
    months.map(({ billing_month }) => billing_month),
    trx,
  );

const countLate = (months: MonthSum[], published: ReadonlySet<number>): number =>
  sumMonths(
    months.filter(({ billing_month }) => published.has(billing_month)),
    'calls',
  );

import { db, isPostgres, type Queryable, queryRows } from '../../lib/database/db';
import type { CallTotals } from './call-totals';
import type { BillingMonth } from '../billing/month';

/** A row of the table `call_batches`: one imported file of calls. */
export interface CallBatch {
  id: number;
  file_name: string;
  sha256: string;
  format: string;
  imported_by: string;
  /** Milliseconds. */
  imported_at: number;
  /** Lines or records that were read. */
  records: number;
  /** Calls that were added. */
  added: number;
  /** Calls that were there before, or stood twice in the file. */
  duplicates: number;
  unanswered: number;
  rejected: number;
  /** Sum of the calls added, in 0.1 s. */
  duration: number;
  /** Sum of the calls added, in 1/100 yen. */
  charge: number;
  /** Calls that were added to months that had been published. */
  late: number;
  /** Calls that were there before, and whose records say something else now. */
  differing: number;
  /** Calls of earlier batches that this one has replaced. */
  replaced: number;
  /** How its calls are identified: 1 as in version 0.1.0, 2 by digestIdentity(). */
  identity_version: number;
  /** Milliseconds; when its calls were taken out again. */
  undone_at: number | null;
  undone_by: string | null;
}

/** A row of the table `call_batch_months`: what a batch added to a month, as it was imported. */
export interface CallBatchMonth extends CallTotals {
  batch_id: number;
  billing_month: BillingMonth;
  /** Whether the month had been published. SQLite gives 0 or 1. */
  late: boolean | number;
}

export type NewCallBatch = Omit<CallBatch, 'undone_at' | 'undone_by'>;

export type ImportedBatch = Pick<CallBatch, 'id' | 'imported_at'>;

/** calls.id is the batch and the place in it, so that sorting by it is the import order. */
export const CALLS_PER_BATCH = 10_000_000_000;

/** The id before that of the batch's first call. */
export const getCallIdOffset = (batchId: number): number => batchId * CALLS_PER_BATCH;

/** The ids of a batch's calls, both ends included. */
export const getCallIdRange = (batchId: number): [number, number] => [
  getCallIdOffset(batchId),
  (batchId + 1) * CALLS_PER_BATCH - 1,
];

/** Reserves the id of a new batch, in a transaction that holds lockCalls(). */
export async function reserveBatchId(trx: Queryable): Promise<number> {
  const next = isPostgres
    ? "nextval(pg_get_serial_sequence('call_batches', 'id'))"
    : '(SELECT COALESCE(MAX(id), 0) + 1 FROM call_batches)';
  const [reserved] = await queryRows<{ id: number }>(trx, `SELECT ${next} AS id`);
  return reserved?.id ?? 0;
}

export async function createCallBatch(trx: Queryable, batch: NewCallBatch): Promise<void> {
  await trx<CallBatch>('call_batches').insert(batch);
}

/** Saves what a batch adds to each month, and whether that was published. */
export async function saveBatchMonths(
  trx: Queryable,
  batch_id: number,
  months: Omit<CallBatchMonth, 'batch_id' | 'late'>[],
  published: ReadonlySet<BillingMonth>,
): Promise<void> {
  for (const month of months)
    await trx('call_batch_months').insert({ batch_id, ...month, late: published.has(month.billing_month) });
}

/** Calls that a batch's file had too, but that an earlier batch has added. */
export interface BatchOverlap {
  batch_id: number;
  earlier_batch_id: number;
  calls: number;
}

export async function saveBatchOverlaps(
  trx: Queryable,
  batch_id: number,
  overlaps: Omit<BatchOverlap, 'batch_id'>[],
): Promise<void> {
  for (const overlap of overlaps) await trx('batch_overlaps').insert({ batch_id, ...overlap });
}

/** The batches that stand and whose files had calls of this one. */
export const listLaterOverlaps = (earlier_batch_id: number, on: Queryable = db): Promise<BatchOverlap[]> =>
  on<BatchOverlap>('batch_overlaps')
    .join('call_batches', 'call_batches.id', 'batch_overlaps.batch_id')
    .where({ earlier_batch_id })
    .whereNull('call_batches.undone_at')
    .orderBy('batch_id')
    .select('batch_overlaps.*');

/** The newest first. */
export const listCallBatches = (limit: number): Promise<CallBatch[]> =>
  db<CallBatch>('call_batches').orderBy('id', 'desc').limit(limit);

export const findCallBatch = (id: number): Promise<CallBatch | undefined> =>
  db<CallBatch>('call_batches').where({ id }).first();

export const listCallBatchMonths = (batch_id: number, on: Queryable = db): Promise<CallBatchMonth[]> =>
  on<CallBatchMonth>('call_batch_months').where({ batch_id }).orderBy('billing_month');

/** A batch that is not undone and has imported a file of this digest, other than `except`. */
export const findBatchByDigest = (sha256: string, except?: number): Promise<ImportedBatch | undefined> =>
  db<CallBatch>('call_batches')
    .where({ sha256 })
    .whereNull('undone_at')
    .whereNot('id', except ?? 0)
    .orderBy('id')
    .first('id', 'imported_at');

import { now } from '../../lib/values/clock';
import { db, type Queryable } from '../../lib/database/db';
import { OperatorError } from '../../lib/process/operator-error';
import { type CallBatch, getCallIdRange, listCallBatchMonths, listLaterOverlaps } from './batch';
import { lockCalls, subtractFromSummaries } from './call-sums';
import { listMonthsAround } from './staging-table';

/** A batch cannot be undone. */
export class BatchError extends OperatorError {}

export interface UndoOptions {
  undoneBy: string;
  /** Undoes later batches too whose files had calls of this one; otherwise they prevent it. */
  withOverlaps?: boolean | undefined;
}

/** A batch whose calls have been taken out. */
export interface UndoneBatch {
  id: number;
  /** Calls that went. */
  removed: number;
}

/**
 * Takes exactly the calls of a batch out again and corrects the sums, in one transaction; the batch stays as undone.
 * Returns what went, of this batch and of those that went with it.
 *
 * @throws BatchError if there is no such batch, it is undone already, or a later batch had calls of it
 */
export async function undoCallBatch(id: number, options: UndoOptions): Promise<UndoneBatch[]> {
  return db.transaction(async (trx) => {
    await lockCalls(trx);
    const ids = await listBatchesToUndo(trx, id, options.withOverlaps ?? false);
    const undone: UndoneBatch[] = [];
    for (const each of ids) undone.push({ id: each, removed: await undo(trx, each, options.undoneBy) });
    return undone;
  });
}

/** The batch, and with `withOverlaps` all that overlap it or one of those; the newest first. */
async function listBatchesToUndo(trx: Queryable, id: number, withOverlaps: boolean): Promise<number[]> {
  const ids = [id];
  for (const each of ids) {
    const overlaps = await listLaterOverlaps(each, trx);
    const [overlap] = overlaps;
    if (overlap && !withOverlaps) {
      const { batch_id, calls } = overlap;
      throw new BatchError(
        `Batch ${batch_id} had ${calls.toLocaleString('en')} of these calls: undo ${batch_id} first, then import the good one of both files again; or undo both with --with-overlaps`,
      );
    }
    for (const { batch_id } of overlaps) if (!ids.includes(batch_id)) ids.push(batch_id);
  }
  return ids.sort((a, b) => b - a);
}

async function undo(trx: Queryable, id: number, undone_by: string): Promise<number> {
  const undone = await trx<CallBatch>('call_batches')
    .where({ id })
    .whereNull('undone_at')
    .update({ undone_at: now(), undone_by });
  if (undone === 0) throw new BatchError(await explainMissingBatch(trx, id));
  const months = (await listCallBatchMonths(id, trx)).map(({ billing_month }) => billing_month);
  if (months.length === 0) return 0;
  const ids = getCallIdRange(id);
  const inBatch = `billing_month IN (${listMonthsAround(months).join(', ')}) AND id BETWEEN ${ids.join(' AND ')}`;
  await subtractFromSummaries(trx, `(SELECT * FROM calls WHERE ${inBatch}) AS undone`);
  const removed: number = await trx('calls').whereRaw(inBatch).delete();
  await trx('call_sources').whereIn('month', months).whereBetween('call_id', ids).delete();
  return removed;
}

async function explainMissingBatch(trx: Queryable, id: number): Promise<string> {
  const batch = await trx<CallBatch>('call_batches').where({ id }).first();
  return batch ? `Batch ${id} has been undone already` : `There is no batch ${id}`;
}

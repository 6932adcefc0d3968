import { type CallBatch, getCallIdRange } from './batch';
import { now } from '../../lib/values/clock';
import { db, type Queryable } from '../../lib/database/db';
import { lockCalls, subtractFromSummaries } from './call-sums';
import { OperatorError } from '../../lib/process/operator-error';

/** A batch cannot be undone. */
export class BatchError extends OperatorError {}

/**
 * Takes exactly the calls of a batch out again and corrects the sums, in one transaction; the batch stays as undone.
 * Returns how many calls went.
 *
 * @throws BatchError if there is no such batch, or it is undone already
 */
export async function undoCallBatch(id: number, undone_by: string): Promise<number> {
  return db.transaction(async (trx) => {
    await lockCalls(trx);
    const undone = await trx<CallBatch>('call_batches')
      .where({ id })
      .whereNull('undone_at')
      .update({ undone_at: now(), undone_by });
    if (undone === 0) throw new BatchError(await explainMissingBatch(trx, id));
    const ids = getCallIdRange(id);
    await subtractFromSummaries(trx, `(SELECT * FROM calls WHERE id BETWEEN ${ids.join(' AND ')}) AS undone`);
    const removed: number = await trx('calls').whereBetween('id', ids).delete();
    return removed;
  });
}

async function explainMissingBatch(trx: Queryable, id: number): Promise<string> {
  const batch = await trx<CallBatch>('call_batches').where({ id }).first();
  return batch ? `Batch ${id} has been undone already` : `There is no batch ${id}`;
}

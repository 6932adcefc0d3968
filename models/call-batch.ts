import type { Queryable } from './db';

/** A row of the table `call_batches`: one file of calls that was brought in. */
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
}

/** calls.id is the batch and the place in it, so that sorting by it is the import order. */
export const CALLS_PER_BATCH = 10_000_000_000;

export async function createCallBatch(trx: Queryable, batch: Omit<CallBatch, 'id'>): Promise<number> {
  const [created] = await trx<CallBatch>('call_batches').insert(batch).returning('id');
  return created?.id ?? 0;
}

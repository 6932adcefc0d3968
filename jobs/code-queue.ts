import type { Queue } from 'bullmq';
import { log } from '../log';
import { closeQueue, openQueue } from './open-queue';

export const CODE_QUEUE = 'verification-codes';

/** The digits are in the row, encrypted: Redis knows a number only. */
export interface CodeJob {
  id: number;
}

const ATTEMPTS = 6;
let queue: Queue<CodeJob> | undefined;

function codeQueue(): Queue<CodeJob> {
  queue ??= openQueue<CodeJob>(CODE_QUEUE, ATTEMPTS);
  return queue;
}

/** Adds the job of a code; where it waits or runs already, nothing happens. */
export async function enqueueCode(id: number): Promise<void> {
  await codeQueue().add('send', { id }, { jobId: `code-${id}` });
}

/** Tells a worker of a new code. Where the queue is away, the sweep takes the row up later. */
export async function nudgeCode(id: number): Promise<void> {
  await enqueueCode(id).catch((error: unknown) => log.warn({ err: error }, 'the queue does not answer'));
}

/** Ends the connection; the next use opens another. */
export async function closeCodeQueue(): Promise<void> {
  const closing = queue;
  queue = undefined;
  if (closing) await closeQueue(closing);
}

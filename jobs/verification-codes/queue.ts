import type { Queue } from 'bullmq';
import { log } from '../../log';
import { undoClockStep } from '../queue/clock-step';
import { closeQueue, getMaxDelay, openQueue } from '../queue/open-queue';

export const CODE_QUEUE = 'verification-codes';

/** The code is in the row, encrypted: Redis knows only the row's id. */
export interface CodeJob {
  id: number;
}

/** A worker that has not renewed its lock for this long is dead. */
export const CODE_LOCK_MS = 30_000;
const ATTEMPTS = 6;
let queue: Queue<CodeJob> | undefined;

function getCodeQueue(): Queue<CodeJob> {
  queue ??= openQueue<CodeJob>(CODE_QUEUE, ATTEMPTS);
  return queue;
}

/** Adds the job of a code; if it waits or runs already, nothing happens. */
export async function enqueueSendOrThrow(id: number): Promise<void> {
  await getCodeQueue().add('send', { id }, { jobId: `code-${id}` });
}

/** Lets no code wait for a time of day that has been set back. */
export const undoCodeClockStep = (): Promise<void> =>
  undoClockStep(getCodeQueue(), { lock: CODE_LOCK_MS, delay: getMaxDelay(ATTEMPTS) });

/** Tells a worker of a new code. If the queue is unavailable, the sweep enqueues the row later. */
export async function enqueueSend(id: number): Promise<void> {
  await enqueueSendOrThrow(id).catch((error: unknown) =>
    log.warn({ err: error }, 'the queue does not answer'),
  );
}

/** Ends the connection; the next use opens another. */
export async function closeCodeQueue(): Promise<void> {
  const closing = queue;
  queue = undefined;
  if (closing) await closeQueue(closing);
}

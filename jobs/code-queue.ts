import { type ConnectionOptions, Queue } from 'bullmq';
import { log } from '../log';
import { queueConnection } from '../models/redis';
import { QUEUE_PREFIX } from './queue';

export const CODE_QUEUE = 'verification-codes';

/** The digits are in the row, encrypted: Redis knows a number only. */
export interface CodeJob {
  id: number;
}

let queue: Queue<CodeJob> | undefined;

function codeQueue(): Queue<CodeJob> {
  queue ??= openQueue();
  return queue;
}

function openQueue(): Queue<CodeJob> {
  const opened = new Queue<CodeJob>(CODE_QUEUE, {
    connection: queueConnection('queue') as ConnectionOptions,
    prefix: QUEUE_PREFIX,
    defaultJobOptions: {
      attempts: 6,
      backoff: { type: 'exponential', delay: 500 },
      removeOnComplete: true,
      removeOnFail: true,
    },
  });
  // The shared connection has logged already that Redis is away.
  opened.on('error', (error) => log.debug({ err: error }, 'queue'));
  return opened;
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
  await closing?.close().catch(() => closing.disconnect());
}

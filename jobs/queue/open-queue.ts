import { type ConnectionOptions, Queue } from 'bullmq';
import { log } from '../../log';
import { getQueueConnection } from '../../lib/redis/redis';

/** The braces keep all keys of a queue on one node of a Redis Cluster. */
export const QUEUE_PREFIX = '{meisai}';

const FIRST_DELAY_MS = 500;

/** The longest time between two attempts of a job, in milliseconds. */
export const getMaxDelay = (attempts: number): number => FIRST_DELAY_MS * 2 ** attempts;

/** Opens a queue that only tells workers of rows in the database, which say what there is to do. */
export function openQueue<Data>(name: string, attempts: number): Queue<Data> {
  const opened = new Queue<Data>(name, {
    connection: getQueueConnection('queue') as ConnectionOptions,
    prefix: QUEUE_PREFIX,
    defaultJobOptions: {
      attempts,
      backoff: { type: 'exponential', delay: FIRST_DELAY_MS },
      // A finished job would block its id. The row is the history.
      removeOnComplete: true,
      removeOnFail: true,
    },
  });
  // The shared connection has already logged that Redis is unavailable.
  opened.on('error', (error) => log.debug({ err: error }, 'queue'));
  return opened;
}

/** Ends a queue's connection, even if Redis does not answer. */
export async function closeQueue(queue: Queue): Promise<void> {
  await queue.close().catch(() => queue.disconnect());
}

import { type ConnectionOptions, Queue } from 'bullmq';
import { log } from '../../log';
import { getQueueConnection } from '../../lib/redis/redis';

/** In braces, so that a Redis Cluster keeps all keys of the queue on one node. */
export const QUEUE_PREFIX = '{meisai}';

const FIRST_DELAY_MS = 500;

/** How long a job waits for its last attempt, in milliseconds. */
export const getMaxDelay = (attempts: number): number => FIRST_DELAY_MS * 2 ** attempts;

/** A queue that nudges workers: what there is to do stands in rows of the database. */
export function openQueue<Data>(name: string, attempts: number): Queue<Data> {
  const opened = new Queue<Data>(name, {
    connection: getQueueConnection('queue') as ConnectionOptions,
    prefix: QUEUE_PREFIX,
    defaultJobOptions: {
      attempts,
      backoff: { type: 'exponential', delay: FIRST_DELAY_MS },
      // A job that is kept would block its id: the row is the history.
      removeOnComplete: true,
      removeOnFail: true,
    },
  });
  // The shared connection has logged already that Redis is away.
  opened.on('error', (error) => log.debug({ err: error }, 'queue'));
  return opened;
}

/** Ends a queue's connection, also where Redis does not answer. */
export async function closeQueue(queue: Queue): Promise<void> {
  await queue.close().catch(() => queue.disconnect());
}

import type { Queue } from 'bullmq';
import { getRedis } from '../../lib/redis/redis';

/** BullMQ's score of a delayed job is its time in milliseconds times this, plus its turn within the millisecond. */
const SCORES_PER_MILLISECOND = 0x1000;

/** The longest waits of a queue, in milliseconds. */
export interface MaxWaits {
  /** The wait until the lock of a dead worker ends, or until the next check for stalled jobs. */
  lock: number;
  /** The wait until the next attempt. */
  delay: number;
}

/**
 * Shortens locks and delays that lie too far ahead. Redis ends locks, and BullMQ begins attempts, by the time of day: if
 * that is set back, they hold for as much longer, and the file of a killed worker would wait as long.
 */
export async function undoClockStep(queue: Queue, { lock, delay }: MaxWaits): Promise<void> {
  const active = await queue.getActive();
  const locks = active.map(({ id }) => queue.toKey(`${id}:lock`));
  for (const key of [queue.toKey('stalled-check'), ...locks])
    if ((await getRedis().pttl(key)) > lock) await getRedis().pexpire(key, lock);
  const latest = (Date.now() + delay) * SCORES_PER_MILLISECOND;
  for (const id of await getRedis().zrangebyscore(queue.toKey('delayed'), latest, '+inf'))
    await (await queue.getJob(id))?.promote();
}

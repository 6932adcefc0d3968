import type { Queue } from 'bullmq';
import { getRedis } from '../../lib/redis/redis';

/** BullMQ orders delayed jobs by their time in milliseconds times this, and by their turn within it. */
const SCORES_PER_MILLISECOND = 0x1000;

/** What a queue may make anybody wait at most, in milliseconds. */
export interface MaxWaits {
  /** For the lock of a worker that has died, and until the next look for such. */
  lock: number;
  /** For the next attempt. */
  delay: number;
}

/**
 * Redis ends locks, and BullMQ begins attempts, by the time of day: where that has been set back, they would hold for
 * as much longer, and the file of a killed worker would wait as long. So what lies too far ahead is brought near.
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

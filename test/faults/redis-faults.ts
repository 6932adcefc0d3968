import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { secondsOf } from '../kit/turns';
import type { FaultContext } from './fault-context';
import { type FaultResult, tryFault } from './fault-table';

/** `lasting` in seconds. */
type Disturb = (redis: Redis, pid: number, lasting: number) => Promise<unknown>;

/** Redis dies, forgets, stands still or has no memory left while a file is made and another is asked for. */
export async function breakRedis(context: FaultContext): Promise<FaultResult[]> {
  const { lasting } = context.options;
  return [
    await disturbRedis(context, 'killed (SIGKILL)', 0.5, (_, pid) =>
      Promise.resolve(process.kill(pid, 'SIGKILL')),
    ),
    await disturbRedis(context, 'flushed', 0.5, (redis) => redis.flushall()),
    await disturbRedis(context, `out of memory for ${lasting} s`, 0.25, outOfMemory),
    await disturbRedis(context, `frozen (SIGSTOP) for ${lasting} s`, 0.1, frozen),
  ];
}

async function disturbRedis(
  context: FaultContext,
  fault: string,
  share: number,
  disturb: Disturb,
): Promise<FaultResult> {
  const portal = await context.portal();
  return tryFault(portal, `Redis ${fault} in mid-file`, context.tries(share), async () => {
    await portal.untilMidFile();
    const redis = portal.redis();
    const pid = await portal.redisProcess();
    const pressed = portal.fees.pressMeanwhile();
    await disturb(redis, pid, context.options.lasting);
    redis.disconnect();
    return secondsOf(async () => {
      await pressed;
      await portal.untilWell(portal.calls, portal.fees);
    });
  });
}

/** By its policy, noeviction, Redis then refuses every write. */
async function outOfMemory(redis: Redis, _pid: number, lasting: number): Promise<void> {
  await redis.config('SET', 'maxmemory', '1mb');
  await delay(lasting * 1000);
  await redis.config('SET', 'maxmemory', '0');
}

async function frozen(_redis: Redis, pid: number, lasting: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await delay(lasting * 1000);
  process.kill(pid, 'SIGCONT');
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { measureSeconds } from '../kit/turns';
import type { FaultContext } from './fault-context';
import { type FaultResult, tryFault } from './fault-table';

/** `duration` in seconds. */
type Disturb = (redis: Redis, pid: number, duration: number) => Promise<unknown>;

/** Redis dies, forgets, stands still or has no memory left while a file is made and another is asked for. */
export async function breakRedis(context: FaultContext): Promise<FaultResult[]> {
  const { duration } = context.options;
  return [
    await disturbRedis(context, 'killed (SIGKILL)', 0.5, (_, pid) =>
      Promise.resolve(process.kill(pid, 'SIGKILL')),
    ),
    await disturbRedis(context, 'flushed', 0.5, (redis) => redis.flushall()),
    await disturbRedis(context, `out of memory for ${duration} s`, 0.25, exhaustMemory),
    await disturbRedis(context, `frozen (SIGSTOP) for ${duration} s`, 0.1, freezeRedis),
  ];
}

async function disturbRedis(
  context: FaultContext,
  fault: string,
  share: number,
  disturb: Disturb,
): Promise<FaultResult> {
  const portal = await context.getPortal();
  return tryFault(portal, `Redis ${fault} in mid-file`, context.countTries(share), async () => {
    await portal.untilMidFile();
    const redis = portal.connectRedis();
    const pid = await portal.getRedisPid();
    const pressed = portal.fees.pressMeanwhile();
    await disturb(redis, pid, context.options.duration);
    redis.disconnect();
    return measureSeconds(async () => {
      await pressed;
      await portal.untilRecovered(portal.calls, portal.fees);
    });
  });
}

/** With its policy noeviction Redis then refuses every write. */
async function exhaustMemory(redis: Redis, _pid: number, duration: number): Promise<void> {
  await redis.config('SET', 'maxmemory', '1mb');
  await delay(duration * 1000);
  await redis.config('SET', 'maxmemory', '0');
}

async function freezeRedis(_redis: Redis, pid: number, duration: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await delay(duration * 1000);
  process.kill(pid, 'SIGCONT');
}

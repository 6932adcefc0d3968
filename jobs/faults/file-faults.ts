import { setTimeout as delay } from 'node:timers/promises';
import { secondsOf } from '../bench/turns';
import { type FaultResult, tryFault } from './fault-table';
import type { FaultyPortal } from './faulty-portal';

export type RedisFault = 'killed' | 'flushed' | 'frozen';

/** Somewhere between the request and the end of the file. */
const randomMoment = (portal: FaultyPortal): Promise<void> => delay(Math.random() * portal.usual);

/** The worker is killed while it makes a file; another is there at once, as `npm start` sees to it. */
export const killWorkers = (portal: FaultyPortal, tries: number): Promise<FaultResult> =>
  tryFault('worker killed (SIGKILL) in mid-file', tries, async () => {
    const victim = portal.startWorker();
    await portal.request();
    await randomMoment(portal);
    await victim.end('SIGKILL');
    portal.startWorker();
    const seconds = await secondsOf(() => portal.untilReady());
    await portal.stopWorkers();
    return seconds;
  });

export const killRedis = (
  portal: FaultyPortal,
  fault: RedisFault,
  tries: number,
  freeze: number,
): Promise<FaultResult> =>
  tryFault(
    `Redis ${fault}${fault === 'frozen' ? ` for ${freeze / 1000} s` : ''} in mid-file`,
    tries,
    async () => {
      portal.startWorker();
      await portal.request();
      await randomMoment(portal);
      await disturb(portal, fault, freeze);
      const seconds = await secondsOf(() => portal.untilReady());
      await portal.stopWorkers();
      return seconds;
    },
  );

async function disturb(portal: FaultyPortal, fault: RedisFault, freeze: number): Promise<void> {
  const redis = portal.redis();
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  if (fault === 'flushed') await redis.flushall();
  redis.disconnect();
  if (fault === 'killed') process.kill(pid, 'SIGKILL');
  if (fault !== 'frozen') return;
  process.kill(pid, 'SIGSTOP');
  await delay(freeze);
  process.kill(pid, 'SIGCONT');
}

import { Cluster, type Redis } from 'ioredis';
import { pingRedis, getRedis } from '../../lib/redis/redis';

/** The Redis, or all masters of the cluster. */
export async function listRedisNodes(): Promise<Redis[]> {
  await pingRedis();
  const shared = getRedis();
  return shared instanceof Cluster ? shared.nodes('master') : [shared];
}

/** The numbers of the Redis processes, to freeze or to kill them. */
export async function listRedisPids(): Promise<number[]> {
  const infos = await Promise.all((await listRedisNodes()).map((node) => node.info('server')));
  return infos.map((info) => Number(/process_id:(\d+)/.exec(info)?.[1]));
}

/** Sends a signal to Redis: SIGKILL, SIGSTOP or SIGCONT. */
export async function signalRedis(signal: NodeJS.Signals, processes?: number[]): Promise<number[]> {
  const pids = processes ?? (await listRedisPids());
  for (const pid of pids) process.kill(pid, signal);
  return pids;
}

/** Keys that fit a pattern such as `limit-*`. */
export async function listRedisKeys(pattern: string): Promise<string[]> {
  return (await Promise.all((await listRedisNodes()).map((node) => node.keys(pattern)))).flat();
}

/** Redis is emptied. */
export async function emptyRedis(): Promise<void> {
  await Promise.all((await listRedisNodes()).map((node) => node.flushall()));
}

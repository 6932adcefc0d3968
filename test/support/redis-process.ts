import { redis } from '../../models/redis';

/** The number of the Redis process, to freeze or to kill it. */
export async function redisProcess(): Promise<number> {
  const info = await redis().info('server');
  return Number(/process_id:(\d+)/.exec(info)?.[1]);
}

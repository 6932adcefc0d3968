import { config } from '../config';
import { type PrivateRedis, pingPrivateRedis, startPrivateRedis } from '../lib/redis/private-redis';
import { requireRedis } from '../lib/redis/require-redis';

let borrowed: PrivateRedis | undefined;

/** A Redis for the rest of this command: the one of REDIS_URL or of a running portal, else a private one. */
export async function borrowRedis(): Promise<void> {
  if (!config.REDIS_URL && !(await pingPrivateRedis())) borrowed ??= await startPrivateRedis();
  await requireRedis();
}

/** For commands that work without Redis too: whether there is one. */
export async function redisOrNothing(): Promise<boolean> {
  try {
    await borrowRedis();
    return true;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

/** For the end, when the connections are closed. A portal's Redis runs on. */
export async function returnRedis(): Promise<void> {
  await borrowed?.stop();
  borrowed = undefined;
}

import { config } from '../../config';
import { type PrivateRedis, pingPrivateRedis, startPrivateRedis } from '../../lib/redis/private-redis';
import { requireRedis } from '../../lib/redis/require-redis';

let privateRedis: PrivateRedis | undefined;

/** A Redis for the rest of this command: the one of REDIS_URL or of a running portal, else a private one. */
export async function acquireRedis(): Promise<void> {
  if (!config.REDIS_URL && !(await pingPrivateRedis())) privateRedis ??= await startPrivateRedis();
  await requireRedis();
}

/** For commands that work without Redis too: whether there is one. */
export async function tryRedis(): Promise<boolean> {
  try {
    await acquireRedis();
    return true;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

/** For the end, when the connections are closed. A portal's Redis runs on. */
export async function releaseRedis(): Promise<void> {
  await privateRedis?.stop();
  privateRedis = undefined;
}

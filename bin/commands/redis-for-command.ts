import { config } from '../../config';
import { type PrivateRedis, pingPrivateRedis, startPrivateRedis } from '../../lib/redis/private-redis';
import { requireRedis } from '../../lib/redis/require-redis';

let privateRedis: PrivateRedis | undefined;

/** Provides a Redis for the rest of this command: that of REDIS_URL or of a running portal, or else a private one. */
export async function acquireRedis(): Promise<void> {
  if (!config.REDIS_URL && !(await pingPrivateRedis())) privateRedis ??= await startPrivateRedis();
  await requireRedis();
}

/** Does the same for commands that also work without Redis, and returns whether there is one. */
export async function tryRedis(): Promise<boolean> {
  try {
    await acquireRedis();
    return true;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

/** Stops a private Redis, when the connections are closed; a portal's Redis runs on. */
export async function releaseRedis(): Promise<void> {
  await privateRedis?.stop();
  privateRedis = undefined;
}

import { config } from '../../config';
import { type PrivateRedis, startPrivateRedis } from '../../lib/redis/private-redis';
import { db, migrateDatabase } from '../../lib/database/db';
import { closeRedis } from '../../lib/redis/redis';
import { moveClock, now } from '../../lib/values/clock';

let privateRedis: PrivateRedis | undefined;

/** For beforeAll: an empty, migrated database and a Redis (where the environment has not started one), both of this test file alone. */
export async function openTestPortal(): Promise<void> {
  const ownRedis = config.REDIS_URL ? undefined : startPrivateRedis();
  [privateRedis] = await Promise.all([ownRedis, migrateDatabase()]);
}

/** For afterAll. Close workers and queues of your own before. */
export async function closeTestPortal(): Promise<void> {
  await Promise.all([closeRedis(), db.destroy()]);
  await privateRedis?.stop();
}

/** Sets the portal's clock: `setClock('2017-12-05T13:20:00+09:00')`. It runs on from there. */
export const setClock = (time: string): void => moveClock(Date.parse(time) - now());

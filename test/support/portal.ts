import { type PrivateRedis, startPrivateRedis } from '../../jobs/private-redis';
import { db, migrateDatabase } from '../../models/db';
import { closeRedis } from '../../models/redis';

let privateRedis: PrivateRedis | undefined;

/** For beforeAll: an empty, migrated database and a Redis, both of this test file alone. */
export async function openTestPortal(): Promise<void> {
  [privateRedis] = await Promise.all([startPrivateRedis(), migrateDatabase()]);
}

/** For afterAll. Close workers and queues of your own before. */
export async function closeTestPortal(): Promise<void> {
  await Promise.all([closeRedis(), db.destroy()]);
  await privateRedis?.stop();
}

import { db } from './database/db';
import { fileStore } from './files/file-store';
import { pingRedis } from './redis/redis';

const MAX_WAIT_MS = 3000;

/** Whether the database, Redis and the file store answer, within 3 s. */
export async function checkHealth(): Promise<Record<'database' | 'redis' | 'files', boolean>> {
  const [database, redis, files] = await Promise.all([
    isResponding(() => db.raw('SELECT 1')),
    isResponding(pingRedis),
    isResponding(() => fileStore.check()),
  ]);
  return { database, redis, files };
}

async function isResponding(ask: () => PromiseLike<unknown>): Promise<boolean> {
  const tooLate = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), MAX_WAIT_MS).unref());
  const answer = Promise.resolve(ask()).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, tooLate]);
}

import { db } from './database/db';
import { fileStore } from './files/file-store';
import { pingRedis } from './redis/redis';

const LONGEST_WAIT_MS = 3000;

/** Whether the database, Redis and the file store answer, within 3 s. */
export async function checkHealth(): Promise<Record<'database' | 'redis' | 'files', boolean>> {
  const [database, isRedisThere, files] = await Promise.all([
    answers(() => db.raw('SELECT 1')),
    answers(pingRedis),
    answers(() => fileStore.check()),
  ]);
  return { database, redis: isRedisThere, files };
}

async function answers(ask: () => PromiseLike<unknown>): Promise<boolean> {
  const tooLate = new Promise<boolean>((resolve) =>
    setTimeout(() => resolve(false), LONGEST_WAIT_MS).unref(),
  );
  const answer = Promise.resolve(ask()).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, tooLate]);
}

import { db } from './db';
import { pingRedis } from './redis';

const LONGEST_WAIT = 3000;

/** Whether the database and Redis answer, within 3 s. */
export async function checkHealth(): Promise<{ database: boolean; redis: boolean }> {
  const [database, isRedisThere] = await Promise.all([answers(() => db.raw('SELECT 1')), answers(pingRedis)]);
  return { database, redis: isRedisThere };
}

async function answers(ask: () => PromiseLike<unknown>): Promise<boolean> {
  const tooLate = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), LONGEST_WAIT).unref());
  const answer = Promise.resolve(ask()).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, tooLate]);
}

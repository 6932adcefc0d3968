import { db, isPostgres } from '../../lib/database/db';
import { lockCalls } from './call-sums';

let pending: Promise<void> | undefined;

/**
 * SQLite lets one write at a time, and an import takes its time. Resolves when nobody writes; however many wait, they
 * need one connection. Rejects after 20 s.
 */
export async function waitForWriteLock(): Promise<void> {
  if (isPostgres) return;
  // Outside a transaction the lock is given back at once.
  pending ??= lockCalls(db).finally(() => (pending = undefined));
  await pending;
}

import { isPostgres, openSingleConnection, type Queryable } from '../../lib/database/db';

/** One moment of the database, whatever an import does meanwhile, on a connection of its own. */
export async function withSnapshot<Result>(work: (snapshot: Queryable) => Promise<Result>): Promise<Result> {
  const connection = openSingleConnection();
  try {
    if (!isPostgres) await limitPageCache(connection);
    // On SQLite a transaction sees the moment of its first read.
    return await connection.transaction(work, isPostgres ? { isolationLevel: 'repeatable read' } : {});
  } finally {
    await connection.destroy();
  }
}

/** A file is read once from end to end: a cache of pages would only take memory. What it needs besides is small. */
async function limitPageCache(connection: Queryable): Promise<void> {
  await connection.raw('PRAGMA cache_size = -1000');
  await connection.raw('PRAGMA temp_store = MEMORY');
}

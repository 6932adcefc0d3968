import { mkdirSync } from 'node:fs';
import path from 'node:path';
import knex, { type Knex } from 'knex';
import { config } from '../../config';
import { knexSettings } from './knex-settings';
import { OperatorError } from '../process/operator-error';

/** The one database. Nothing is opened before the first query. */
export const db = knex(knexSettings);

/** Ends all connections; the program can end then. */
export const closeDatabase = (): Promise<void> => db.destroy();

export const isPostgres = config.DATABASE_URL.startsWith('postgres');

/** A second home for queries that must stay on one connection: an import, a file's snapshot. */
export function openSingleConnection(): Knex {
  return knex({ ...knexSettings, pool: { ...knexSettings.pool, min: 0, max: 1 } });
}

/** A query within a transaction, or on the database itself. */
export type Queryable = Knex | Knex.Transaction;

/** Any numbers that mean nothing else on this server. */
const MIGRATION_LOCK = 1_193_600_133;
const CHANGE_LOCK = 1_193_600_134;

/**
 * All or nothing, and one after the other where several do it at once. Who has read before it writes could not wait for
 * another writer on SQLite, and two that change the same rows in another order could not on PostgreSQL.
 */
export const runExclusively = <T>(work: (trx: Queryable) => Promise<T>): Promise<T> =>
  db.transaction(async (trx) => {
    await lockDatabase(trx, CHANGE_LOCK);
    return work(trx);
  });

/** Until the end of the transaction: on SQLite against whoever writes, on PostgreSQL against who asks for the same lock. */
const lockDatabase = (trx: Queryable, lock: number): Promise<unknown> =>
  trx.raw(isPostgres ? `SELECT pg_advisory_xact_lock(${lock})` : 'PRAGMA user_version = 0');

/** Ends a transaction that was begun without a function, and rejects where it cannot: Knex's own commit() never does. */
export async function commitTransaction(trx: Knex.Transaction): Promise<void> {
  await trx.commit();
  await trx.executionPromise;
}

/** The driver's own connection, for what Knex does not know: the transaction's until that has ended. */
export const getDriverConnection = (transaction: Queryable): Promise<unknown> =>
  (transaction.client as { acquireConnection(): Promise<unknown> }).acquireConnection();

/** The rows of a raw query: PostgreSQL wraps them, SQLite does not. */
export async function queryRows<Row>(
  on: Queryable,
  sql: string,
  bindings: Knex.RawBinding[] | Knex.ValueDict = [],
): Promise<Row[]> {
  const result = (await on.raw(sql, bindings)) as Row[] | { rows: Row[] };
  return Array.isArray(result) ? result : result.rows;
}

/** The database was made by a later version of Meisai. */
export class NewerDatabaseError extends OperatorError {}

/**
 * Brings the database up to date and returns the names of the migrations that were run.
 *
 * @throws NewerDatabaseError where the database knows migrations that this program does not.
 */
export async function migrateDatabase(): Promise<string[]> {
  if (!isPostgres) mkdirSync(path.dirname(config.DATABASE_URL.slice('sqlite:'.length)), { recursive: true });
  try {
    return (await isUpToDate()) ? [] : await migrateExclusively();
  } catch (error) {
    if (error instanceof Error && error.message.includes('migration directory is corrupt'))
      throw new NewerDatabaseError(
        `The database is newer than this program: it was made by a later version of Meisai. ` +
          `Start that version, or point DATABASE_URL to another database. (${error.message})`,
      );
    throw error;
  }
}

/** Only reads: on SQLite a command need not wait for an import before it begins. */
async function isUpToDate(): Promise<boolean> {
  if (!(await db.schema.hasTable('knex_migrations_lock'))) return false;
  const [, missing] = (await db.migrate.list()) as [unknown[], unknown[]];
  return missing.length === 0;
}

/**
 * Of several processes that start at once, one does it and the others wait: Knex's own lock is a row, of which two
 * would make two. All or nothing: a process that is killed leaves no lock and no half of a migration behind.
 */
function migrateExclusively(): Promise<string[]> {
  return db.transaction(async (trx) => {
    await lockDatabase(trx, MIGRATION_LOCK);
    const [, names] = (await trx.migrate.latest()) as [number, string[]];
    return names;
  });
}

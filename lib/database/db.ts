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

/** A database of a single connection, for queries that must stay on one: an import, a file's snapshot. */
export function openSingleConnection(): Knex {
  return knex({ ...knexSettings, pool: { ...knexSettings.pool, min: 0, max: 1 } });
}

/** A query within a transaction, or on the database itself. */
export type Queryable = Knex | Knex.Transaction;

/** Arbitrary, but unique per server (PostgreSQL advisory locks). */
const MIGRATION_LOCK = 1_193_600_133;
const CHANGE_LOCK = 1_193_600_134;

/**
 * Runs a transaction that holds the write lock from its start, so that several run one after the other. Without it a
 * transaction that reads first could not wait for another writer on SQLite, and PostgreSQL could deadlock.
 */
export const runExclusively = <T>(work: (trx: Queryable) => Promise<T>): Promise<T> =>
  db.transaction(async (trx) => {
    await lockDatabase(trx, CHANGE_LOCK);
    return work(trx);
  });

/** Locks until the end of the transaction: all writers on SQLite, others that take the same lock on PostgreSQL. */
const lockDatabase = (trx: Queryable, lock: number): Promise<unknown> =>
  trx.raw(isPostgres ? `SELECT pg_advisory_xact_lock(${lock})` : 'PRAGMA user_version = 0');

/** Commits a transaction that was begun without a function, and rejects if that fails: Knex's own commit() never does. */
export async function commitTransaction(trx: Knex.Transaction): Promise<void> {
  await trx.commit();
  await trx.executionPromise;
}

/** The driver's own connection of a transaction, for features that Knex lacks. It is released when the transaction ends. */
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
 * @throws NewerDatabaseError if the database has migrations that this program does not know
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

/** Only reads, so that on SQLite a command does not wait for an import before it begins. */
async function isUpToDate(): Promise<boolean> {
  if (!(await db.schema.hasTable('knex_migrations_lock'))) return false;
  const [, missing] = (await db.migrate.list()) as [unknown[], unknown[]];
  return missing.length === 0;
}

/**
 * One of several processes that start at once migrates and the others wait; Knex's own lock is a row, which two processes
 * could both insert. All happens in one transaction: a killed process leaves no lock and no half of a migration behind.
 */
function migrateExclusively(): Promise<string[]> {
  return db.transaction(async (trx) => {
    await lockDatabase(trx, MIGRATION_LOCK);
    const [, names] = (await trx.migrate.latest()) as [number, string[]];
    return names;
  });
}

import type { Knex } from 'knex';
import type { Client } from 'pg';
import type { Database } from 'sqlite3';
import { getDriverConnection, isPostgres } from './db';
import { createPostgresBulkInsert } from './postgres-bulk-insert';
import type { PackedColumn, PackedValue } from './sqlite-packed-rows';
import { createSqliteBulkInsert } from './sqlite-bulk-insert';

/** Writes many rows into a table, the quickest way that the database has. */
export interface BulkInsert {
  /** A promise where one has to wait before the next row. */
  add(row: PackedValue[]): Promise<void> | undefined;
  /** Until then the connection is good for nothing else. */
  end(): Promise<void>;
}

export interface BulkInsertOptions {
  /** Columns by which SQLite sorts each 50,000 rows, where they would touch too many pages of the table otherwise. */
  order?: string | undefined;
}

export async function openBulkInsert(
  trx: Knex.Transaction,
  table: string,
  columns: readonly PackedColumn[],
  { order }: BulkInsertOptions = {},
): Promise<BulkInsert> {
  const target = `${table} (${columns.map(({ name }) => name).join(', ')})`;
  // Knex knows neither COPY nor a binding that is used twice.
  const connection = await getDriverConnection(trx);
  return isPostgres
    ? createPostgresBulkInsert(connection as Client, target, columns)
    : createSqliteBulkInsert(connection as Database, target, columns, order);
}

import type { Knex } from 'knex';
import type { Client } from 'pg';
import type { Database } from 'sqlite3';
import type { BulkColumn, BulkInsert } from './bulk-rows';
import { getDriverConnection, isPostgres } from './db';
import { createPostgresBulkInsert } from './postgres-bulk-insert';
import { createSqliteBulkInsert } from './sqlite-bulk-insert';

export interface BulkInsertOptions {
  /** Columns by which SQLite sorts each 50,000 rows, if they would touch too many pages of the table otherwise. */
  order?: string | undefined;
}

export async function openBulkInsert(
  trx: Knex.Transaction,
  table: string,
  columns: readonly BulkColumn[],
  { order }: BulkInsertOptions = {},
): Promise<BulkInsert> {
  const target = `${table} (${columns.map(({ name }) => name).join(', ')})`;
  // Knex supports neither COPY nor a binding that is used twice.
  const connection = await getDriverConnection(trx);
  return isPostgres
    ? createPostgresBulkInsert(connection as Client, target, columns)
    : createSqliteBulkInsert(connection as Database, target, columns, order);
}

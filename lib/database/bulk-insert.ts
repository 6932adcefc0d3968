import type { Knex } from 'knex';
import type { Client } from 'pg';
import type { Database } from 'sqlite3';
import { driverOf, isPostgres } from './db';
import { copySink } from './postgres-bulk-insert';
import type { PackedColumn, PackedValue } from './sqlite-packed-rows';
import { packedSink } from './sqlite-bulk-insert';

/** Writes many rows into a table, the quickest way that the database has. */
export interface RowSink {
  /** A promise where one has to wait before the next row. */
  add(row: PackedValue[]): Promise<void> | undefined;
  /** Until then the connection is good for nothing else. */
  end(): Promise<void>;
}

export interface RowSinkOptions {
  /** Columns by which SQLite sorts each 50,000 rows, where they would touch too many pages of the table otherwise. */
  order?: string | undefined;
}

export async function openRowSink(
  trx: Knex.Transaction,
  table: string,
  columns: readonly PackedColumn[],
  { order }: RowSinkOptions = {},
): Promise<RowSink> {
  const target = `${table} (${columns.map(({ name }) => name).join(', ')})`;
  // Knex knows neither COPY nor a binding that is used twice.
  const connection = await driverOf(trx);
  return isPostgres
    ? copySink(connection as Client, target, columns)
    : packedSink(connection as Database, target, columns, order);
}

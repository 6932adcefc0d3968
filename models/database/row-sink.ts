import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { driverOf, isPostgres } from '../db';
import { type PackedColumn, PackedRows, type PackedValue, selectPacked } from './packed-rows';

const AT_ONCE = 5000;
const SORTED_AT_ONCE = 50_000;

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
    : packedSink(connection as SqliteConnection, target, columns, order);
}

interface SqliteConnection {
  run(sql: string, bindings: unknown[], done: (error: Error | null) => void): void;
}

function packedSink(
  connection: SqliteConnection,
  target: string,
  columns: readonly PackedColumn[],
  order?: string,
): RowSink {
  const packed = new PackedRows(columns, order ? SORTED_AT_ONCE : AT_ONCE);
  // OR FAIL: SQLite's usual way would keep all pages as they were, to go on after a failure.
  const sql = `INSERT OR FAIL INTO ${target} ${selectPacked(columns)}${order ? ` ORDER BY ${order}` : ''}`;
  let writing = Promise.resolve();
  // The driver copies the bytes at once, and SQLite works on them while the next rows are packed.
  const start = () =>
    new Promise<void>((resolve, reject) => {
      connection.run(sql, [packed.take()], (error) => (error ? reject(error) : resolve()));
    });
  const flush = async () => {
    await writing;
    writing = start();
    // The failure is met by the next flush.
    writing.catch(() => undefined);
  };
  return {
    add(row) {
      packed.add(row);
      return packed.isFull ? flush() : undefined;
    },
    async end() {
      if (!packed.isEmpty) await flush();
      await writing;
    },
  };
}

const BLOCK = 1 << 16;

function copySink(connection: Client, target: string, columns: readonly PackedColumn[]): RowSink {
  const stream = connection.query(copyFrom(`COPY ${target} FROM STDIN`));
  const ended = finished(stream);
  let hasFailed = false;
  // Whoever writes or ends next meets the failure.
  ended.catch(() => (hasFailed = true));
  const kinds = columns.map(({ kind }) => kind);
  let block = '';
  return {
    add(row) {
      block += copyLine(row, kinds);
      if (block.length < BLOCK) return undefined;
      if (hasFailed) return ended;
      const isReady = stream.write(block);
      block = '';
      return isReady ? undefined : Promise.race([once(stream, 'drain').then(() => undefined), ended]);
    },
    async end() {
      if (!hasFailed && !stream.writableEnded) stream.end(block);
      await ended;
    },
  };
}

/** Numbers and ASCII texts without control characters and backslashes need no quoting. */
function copyLine(row: PackedValue[], kinds: PackedColumn['kind'][]): string {
  let line = '';
  for (let place = 0; place < kinds.length; place += 1) {
    if (place > 0) line += '\t';
    if (kinds[place] === 'hex') line += '\\\\x';
    line += String(row[place]);
  }
  return `${line}\n`;
}

import type { Database, Statement } from 'sqlite3';
import { type PackedColumn, PackedRows, buildUnpackQuery } from './sqlite-packed-rows';
import type { BulkInsert } from './bulk-insert';

const BATCH_SIZE = 5000;
const SORTED_BATCH_SIZE = 50_000;

/** Writes packed rows into `target`, a table with its columns; sorted by `order`, some ten thousand at a time. */
export function createSqliteBulkInsert(
  connection: Database,
  target: string,
  columns: readonly PackedColumn[],
  order?: string,
): BulkInsert {
  const packed = new PackedRows(columns, order ? SORTED_BATCH_SIZE : BATCH_SIZE);
  // OR FAIL: SQLite's usual way would keep all pages as they were, to go on after a failure.
  const sql = `INSERT OR FAIL INTO ${target} ${buildUnpackQuery(columns)}${order ? ` ORDER BY ${order}` : ''}`;
  const statement = prepareStatement(connection, sql);
  let writing: Promise<unknown> = statement;
  let ended: Promise<void> | undefined;
  // Whoever writes or ends next meets a failure.
  statement.catch(() => undefined);
  /** Begins to write, so that SQLite works on these rows while the next are packed. */
  const flush = async () => {
    await writing;
    writing = runStatement(await statement, packed.bytes);
    writing.catch(() => undefined);
    packed.clear();
  };
  const finish = async () => {
    try {
      if (!packed.isEmpty) await flush();
      await writing;
    } finally {
      // SQLite does not close a connection that has statements.
      (await statement).finalize();
    }
  };
  return {
    add(row) {
      packed.add(row);
      return packed.isFull ? flush() : undefined;
    },
    end: () => (ended ??= finish()),
  };
}

const prepareStatement = (connection: Database, sql: string): Promise<Statement> =>
  new Promise((resolve, reject) => {
    connection.prepare(sql, function (error) {
      if (error) reject(error);
      else resolve(this);
    });
  });

/** The driver copies the bytes before it returns. */
const runStatement = (statement: Statement, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    statement.run([bytes], (error: Error | null) => (error ? reject(error) : resolve()));
  });

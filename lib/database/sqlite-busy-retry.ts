import type { Database, Statement } from 'sqlite3';
import { errorCode } from '../process/error-code';

type QueryCallback = (this: Statement, error: Error | null, rows?: unknown[]) => void;
/** The query functions of the driver. */
export type SqliteQuery = (sql: string, bindings: unknown, done: QueryCallback) => Database;

/** Longer than an import of two million calls holds SQLite's one lock, even in a large database. */
const MAX_WAIT_MS = 20_000;
const MIN_PAUSE_MS = 10;
const MAX_PAUSE_MS = 100;

/**
 * Makes a connection to SQLite wait while another one writes. SQLite's own busy_timeout blocks one of Node's threads for as
 * long as it waits, and waiting writers would leave none for readers or for the writer that they wait for. A refused
 * statement has changed nothing, so that it can be repeated.
 */
export function retryWhenBusy(connection: Database): void {
  connection.all = withBusyRetry(connection.all.bind(connection) as SqliteQuery) as Database['all'];
  connection.run = withBusyRetry(connection.run.bind(connection) as SqliteQuery) as Database['run'];
}

function withBusyRetry(query: SqliteQuery): SqliteQuery {
  return (sql, bindings, done) => {
    const deadline = performance.now() + MAX_WAIT_MS;
    const attemptWithPause = (pause: number): Database =>
      query(sql, bindings, function (error, rows) {
        const mayWait = errorCode(error) === 'SQLITE_BUSY' && performance.now() < deadline;
        if (mayWait) setTimeout(attemptWithPause, pause, Math.min(2 * pause, MAX_PAUSE_MS));
        else done.call(this, error, rows);
      });
    return attemptWithPause(MIN_PAUSE_MS);
  };
}

import type { Database, Statement } from 'sqlite3';
import { errorCode } from '../process/error-code';

type QueryCallback = (this: Statement, error: Error | null, rows?: unknown[]) => void;
/** How a connection of the driver is asked. */
export type SqliteQuery = (sql: string, bindings: unknown, done: QueryCallback) => Database;

/** An import of two million calls holds SQLite's one lock for less, also where the database is large. */
const MAX_WAIT_MS = 20_000;
const MIN_PAUSE_MS = 10;
const MAX_PAUSE_MS = 100;

/**
 * Has a connection to SQLite wait while another one writes. SQLite's own waiting (busy_timeout) takes one of Node's
 * threads all the while: those who wait would leave none for whoever reads, or for the connection that they wait for.
 * What is refused has changed nothing, so that it can be asked once more.
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

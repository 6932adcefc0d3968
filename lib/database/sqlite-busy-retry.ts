import type { Database, Statement } from 'sqlite3';
import { codeOf } from '../process/error-code';

type Done = (this: Statement, error: Error | null, rows?: unknown[]) => void;
/** How a connection of the driver is asked. */
export type AskSqlite = (sql: string, bindings: unknown, done: Done) => Database;

/** An import of two million calls holds SQLite's one lock for less, also where the database is large. */
const LONGEST_WAIT_MS = 20_000;
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

/**
 * Has a connection to SQLite wait while another one writes. SQLite's own waiting (busy_timeout) takes one of Node's
 * threads all the while: those who wait would leave none for whoever reads, or for the connection that they wait for.
 * What is refused has changed nothing, so that it can be asked once more.
 */
export function waitForWriters(connection: Database): void {
  connection.all = patient(connection.all.bind(connection) as AskSqlite) as Database['all'];
  connection.run = patient(connection.run.bind(connection) as AskSqlite) as Database['run'];
}

function patient(ask: AskSqlite): AskSqlite {
  return (sql, bindings, done) => {
    const deadline = performance.now() + LONGEST_WAIT_MS;
    const tryAfter = (pause: number): Database =>
      ask(sql, bindings, function (error, rows) {
        const mayWait = codeOf(error) === 'SQLITE_BUSY' && performance.now() < deadline;
        if (mayWait) setTimeout(tryAfter, pause, Math.min(2 * pause, LONGEST_PAUSE_MS));
        else done.call(this, error, rows);
      });
    return tryAfter(SHORTEST_PAUSE_MS);
  };
}

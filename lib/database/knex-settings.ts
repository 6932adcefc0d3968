import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Knex } from 'knex';
import pg from 'pg';
import type { Database } from 'sqlite3';
import { config } from '../../config';
import { log } from '../../log';
import { cacheStatements } from './sqlite-statement-cache';
import { retryWhenBusy } from './sqlite-busy-retry';

const MIGRATIONS = path.join(__dirname, '..', '..', 'migrations');

// PostgreSQL's bigint (sums of 1/100 yen, 0.1 s since the epoch) stays below 2^53 here.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

/** Migrations are recorded without their ending, so that .ts in development and .js after a build are the same one. */
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () =>
    Promise.resolve([
      ...new Set(
        readdirSync(MIGRATIONS)
          .filter((file) => /^\d{14}_\w+\.(ts|js)$/.test(file))
          .map((file) => file.slice(0, -3))
          .sort(),
      ),
    ]),
  getMigrationName: (name) => name,
  getMigration: (name) => {
    const file = path.join(MIGRATIONS, name);
    return import(existsSync(`${file}.js`) ? `${file}.js` : `${file}.ts`) as Promise<Knex.Migration>;
  },
};

/**
 * SQLite itself waits only for the short writes of pages; retryWhenBusy() waits for longer ones. A new database has large
 * pages, because an import then touches, checks and copies fewer of them.
 */
const pragmas = `
  PRAGMA page_size = 16384;
  PRAGMA busy_timeout = 10000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -32000;
  PRAGMA busy_timeout = 10;
`;

/** Enough for pages to be read while other connections wait to write. */
const MAX_CONNECTIONS = 8;

function buildSqliteSettings(filename: string): Knex.Config {
  return {
    client: 'sqlite3',
    connection: { filename: path.resolve(filename) },
    useNullAsDefault: true,
    pool: {
      min: 0,
      max: MAX_CONNECTIONS,
      afterCreate: (connection: Database, done: (error: Error | null, connection: Database) => void) => {
        retryWhenBusy(connection);
        cacheStatements(connection);
        connection.exec(pragmas, (error) => done(error, connection));
      },
    },
  };
}

function buildPostgresSettings(connectionString: string): Knex.Config {
  return {
    client: 'pg',
    connection: { connectionString, connectionTimeoutMillis: 3000, application_name: 'meisai' },
    pool: { min: 0, max: 10 },
  };
}

const logKnexMessage = (message: unknown): void => log.debug({ knex: message }, 'knex');

/** Settings of a database: `sqlite:PATH` or `postgres://…`. */
export const buildKnexSettings = (url: string): Knex.Config => ({
  ...(url.startsWith('sqlite:')
    ? buildSqliteSettings(url.slice('sqlite:'.length))
    : buildPostgresSettings(url)),
  acquireConnectionTimeout: 4000,
  migrations: { migrationSource },
  // An error quotes its statement with ? for the values, so that telephone numbers and hashes stay out of the log.
  compileSqlOnError: false,
  // Knex would write to the console; the caller gets the error anyway.
  log: { warn: logKnexMessage, error: logKnexMessage, deprecate: logKnexMessage, debug: logKnexMessage },
});

/** The settings of the one database. */
export const knexSettings = buildKnexSettings(config.DATABASE_URL);

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import { projectRoot } from '../../config';
import type { FixtureLogin } from '../fixtures/databases/logins';

export const FOLDER = path.join(projectRoot, 'test', 'fixtures', 'databases');

/** Loads the database that a version has left behind into an empty one: `sqlite:PATH` or `postgres://…`. */
export async function loadStoredDatabase(version: string, url: string): Promise<void> {
  const isPostgres = url.startsWith('postgres');
  const file = `${version}.${isPostgres ? 'postgres' : 'sqlite'}.sql.gz`;
  const sql = gunzipSync(readFileSync(path.join(FOLDER, file))).toString();
  await (isPostgres ? loadIntoPostgres(url, sql) : loadIntoSqlite(url.slice('sqlite:'.length), sql));
}

/** By a connection of its own, because the text changes settings of its connection. */
async function loadIntoPostgres(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function loadIntoSqlite(file: string, sql: string): Promise<void> {
  const database = new sqlite3.Database(file);
  try {
    await new Promise<void>((resolve, reject) => {
      database.exec(sql, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    await new Promise((resolve) => database.close(resolve));
  }
}

/** The logins of a version's database with their passwords. */
export const readStoredLogins = (version: string): FixtureLogin[] =>
  JSON.parse(readFileSync(path.join(FOLDER, `${version}.logins.json`), 'utf8')) as FixtureLogin[];

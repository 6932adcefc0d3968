import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sqlite3 from 'sqlite3';
import { config } from '../../../config';
import { retryWhenBusy } from '../../../lib/database/sqlite-busy-retry';

let folder: string;
let connections: sqlite3.Database[] = [];

async function connect(): Promise<sqlite3.Database> {
  const connection = new sqlite3.Database(path.join(folder, 'things.sqlite3'));
  await once(connection, 'open');
  await promisify(connection.exec.bind(connection))('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 10');
  retryWhenBusy(connection);
  connections.push(connection);
  return connection;
}

const query = (connection: sqlite3.Database, sql: string): Promise<object[]> =>
  new Promise((resolve, reject) =>
    connection.all<object>(sql, [], (error, rows) => (error ? reject(error) : resolve(rows))),
  );

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'meisai-busy-'));
  await query(await connect(), 'CREATE TABLE things (id integer PRIMARY KEY)');
});
afterEach(async () => {
  await Promise.all(connections.map((connection) => promisify(connection.close.bind(connection))()));
  connections = [];
  rmSync(folder, { recursive: true });
});

describe('a connection that waits for writers', () => {
  it('lets others read and the writer end, however many wait', async () => {
    const writer = await connect();
    await query(writer, 'BEGIN IMMEDIATE');
    let written = 0;
    const waiting = Array.from({ length: 2 * config.UV_THREADPOOL_SIZE }, async () => {
      await query(await connect(), 'INSERT INTO things DEFAULT VALUES');
      written += 1;
    });
    const reader = await connect();
    for (let time = 0; time < 50; time += 1)
      expect(await query(reader, 'SELECT * FROM things')).toHaveLength(0);
    expect(written).toBe(0);
    await query(writer, 'COMMIT');
    await Promise.all(waiting);
    expect(await query(reader, 'SELECT * FROM things')).toHaveLength(waiting.length);
  });
});

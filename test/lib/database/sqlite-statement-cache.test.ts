import { once } from 'node:events';
import { promisify } from 'node:util';
import sqlite3 from 'sqlite3';
import { cacheStatements } from '../../../lib/database/sqlite-statement-cache';

type Row = Record<string, unknown>;

let connection: sqlite3.Database;
let prepared: string[];

const query = (sql: string, bindings: unknown[] = []): Promise<Row[]> =>
  new Promise((resolve, reject) =>
    connection.all<Row>(sql, bindings, (error, rows) => (error ? reject(error) : resolve(rows))),
  );

beforeEach(async () => {
  connection = new sqlite3.Database(':memory:');
  await once(connection, 'open');
  prepared = [];
  const prepare = connection.prepare.bind(connection) as (
    sql: string,
    ...rest: unknown[]
  ) => sqlite3.Statement;
  connection.prepare = (sql: string, ...rest: unknown[]) => {
    prepared.push(sql);
    return prepare(sql, ...rest);
  };
  cacheStatements(connection);
  await query('CREATE TABLE things (id integer PRIMARY KEY, name text)');
  await query("INSERT INTO things (name) VALUES ('one'), ('two')");
});

describe('a connection that keeps statements', () => {
  it('prepares a query once, and asks it with other values', async () => {
    const sql = 'SELECT name FROM things WHERE id = ?';
    expect(await query(sql, [1])).toEqual([{ name: 'one' }]);
    expect(await query(sql, [2])).toEqual([{ name: 'two' }]);
    expect(await Promise.all([query(sql, [1]), query(sql, [2])])).toEqual([
      [{ name: 'one' }],
      [{ name: 'two' }],
    ]);
    expect(prepared).toEqual([sql]);
    await promisify(connection.close.bind(connection))();
  });

  it('answers rightly after a change of the table, and lets it go', async () => {
    expect(await query('SELECT * FROM things WHERE id = 1')).toEqual([{ id: 1, name: 'one' }]);
    await query("ALTER TABLE things ADD COLUMN colour text DEFAULT 'red'");
    expect(await query('SELECT * FROM things WHERE id = 1')).toEqual([{ id: 1, name: 'one', colour: 'red' }]);
    await query('DROP TABLE things');
    await expect(query('SELECT * FROM things WHERE id = 1')).rejects.toThrow('no such table');
    await promisify(connection.close.bind(connection))();
  });

  it('rejects a query that is wrong, each time', async () => {
    for (let time = 0; time < 2; time += 1)
      await expect(query('SELECT colour FROM things')).rejects.toThrow('no such column');
    await promisify(connection.close.bind(connection))();
  });

  it('keeps the latest, and closes however many there were', async () => {
    for (let id = 0; id < 200; id += 1) await query(`SELECT name FROM things WHERE id = ${id}`);
    await Promise.all(Array.from({ length: 5 }, () => query('SELECT count(*) AS things FROM things')));
    await query('SELECT name FROM things WHERE id = 199');
    expect(prepared.filter((sql) => sql.endsWith('= 199'))).toHaveLength(1);
    await query('SELECT name FROM things WHERE id = 0');
    expect(prepared.filter((sql) => sql.endsWith('= 0'))).toHaveLength(2);
    await promisify(connection.close.bind(connection))();
  });
});

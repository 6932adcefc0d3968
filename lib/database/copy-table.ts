import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { queryRows } from './db';

export interface SourceTable {
  name: string;
  columns: string[];
  /** The columns of the primary key, in its order. */
  key: string[];
  /** The columns of whole numbers. */
  numbers: string[];
}

const BATCH_SIZE = 5000;

/** The tables of a SQLite database in the order of their creation, so that a table comes after those it refers to. */
export async function listSourceTables(source: Knex.Transaction): Promise<SourceTable[]> {
  const tables = await queryRows<{ name: string }>(
    source,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'knex_%' ORDER BY rowid",
  );
  return Promise.all(tables.map(({ name }) => describeTable(source, name)));
}

async function describeTable(source: Knex.Transaction, name: string): Promise<SourceTable> {
  const columns = await queryRows<{ name: string; type: string; pk: number }>(
    source,
    `PRAGMA table_info(${name})`,
  );
  return {
    name,
    columns: columns.map((column) => column.name),
    key: columns
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map((column) => column.name),
    numbers: columns.filter(({ type }) => /int/i.test(type)).map((column) => column.name),
  };
}

type Row = Record<string, string | number | Buffer | null>;

/** Copies a table, some thousand rows at a time, and returns the number of rows. */
export async function copyTable(
  source: Knex.Transaction,
  target: Client,
  table: SourceTable,
): Promise<number> {
  const copy = target.query(copyFrom(`COPY ${table.name} (${table.columns.join(', ')}) FROM STDIN`));
  let rows = 0;
  const generateLines = async function* () {
    for await (const page of readPages(source, table)) {
      rows += page.length;
      yield page
        .map((row) => `${table.columns.map((column) => formatCell(row[column])).join('\t')}\n`)
        .join('');
    }
  };
  await pipeline(Readable.from(generateLines()), copy);
  return rows;
}

/** Reads along the primary key: each page begins after the last row of the one before. */
async function* readPages(
  source: Knex.Transaction,
  { name, columns, key }: SourceTable,
): AsyncGenerator<Row[]> {
  const order = key.join(', ');
  const select = `SELECT ${columns.join(', ')} FROM ${name}`;
  let last: Row | undefined;
  for (;;) {
    const after = last && `WHERE (${order}) > (${key.map(() => '?').join(', ')})`;
    const bindings = last ? key.map((column) => last?.[column] ?? null) : [];
    const page = await queryRows<Row>(
      source,
      `${select} ${after ?? ''} ORDER BY ${order} LIMIT ${BATCH_SIZE}`,
      bindings,
    );
    if (page.length === 0) return;
    yield page;
    last = page.at(-1);
  }
}

/** Formats a value as COPY reads it. */
function formatCell(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return '\\N';
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  if (typeof value === 'number') return String(value);
  return value.replace(/[\\\t\n\r]/g, (character) => `\\${ESCAPED[character] ?? character}`);
}

const ESCAPED: Record<string, string> = { '\t': 't', '\n': 'n', '\r': 'r' };

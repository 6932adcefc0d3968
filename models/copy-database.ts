import { existsSync } from 'node:fs';
import knex, { type Knex } from 'knex';
import type { Client } from 'pg';
import { buildKnexSettings } from '../lib/database/knex-settings';
import { createCallPartitions } from './call/partition';
import { copyTable, type SourceTable, listSourceTables } from '../lib/database/copy-table';
import { getDriverConnection, queryRows } from '../lib/database/db';
import type { BillingMonth } from './billing/month';
import { OperatorError } from '../lib/process/operator-error';

/** The database cannot be copied. */
export class CopyError extends OperatorError {}

export interface CopiedTable {
  table: string;
  rows: number;
}

/**
 * Copies a whole SQLite database into an empty one of PostgreSQL, in one transaction: all of it or nothing. Counts and
 * sums of both are compared before it ends.
 *
 * @throws CopyError
 */
export async function copyDatabase(
  from: string,
  to: string,
  onTableCopied: (copied: CopiedTable) => void = () => undefined,
): Promise<CopiedTable[]> {
  if (!from.startsWith('sqlite:') || !/^postgres(ql)?:\/\//.test(to))
    throw new CopyError('A database is copied from sqlite:PATH to postgres://…');
  // SQLite would create it.
  if (!existsSync(from.slice('sqlite:'.length))) throw new CopyError(`${from}: there is no such file`);
  const source = knex(buildKnexSettings(from));
  const target = knex(buildKnexSettings(to));
  try {
    await checkSource(source, from);
    await target.migrate.latest();
    return await source.transaction((snapshot) =>
      target.transaction((trx) => copyAll(snapshot, trx, onTableCopied)),
    );
  } finally {
    await Promise.all([source.destroy(), target.destroy()]);
  }
}

async function checkSource(source: Knex, name: string): Promise<void> {
  const [done, pending] = (await source.migrate.list()) as [unknown[], unknown[]];
  if (done.length === 0) throw new CopyError(`${name} is no database of Meisai`);
  if (pending.length > 0)
    throw new CopyError(`${name} is of an older version: run meisai migrate on it first`);
}

async function copyAll(
  source: Knex.Transaction,
  target: Knex.Transaction,
  onTableCopied: (copied: CopiedTable) => void,
): Promise<CopiedTable[]> {
  const tables = await listSourceTables(source);
  await deleteSeedRows(target, tables);
  const months = await queryRows<{ month: BillingMonth }>(
    source,
    'SELECT billing_month AS month FROM contract_sums UNION SELECT month FROM call_sources',
  );
  await createCallPartitions(
    target,
    months.map(({ month }) => month),
  );
  const connection = (await getDriverConnection(target)) as Client;
  const copied: CopiedTable[] = [];
  for (const table of tables) {
    const rows = await copyTable(source, connection, table);
    await compareTable(source, target, table);
    if (table.columns.includes('id') && table.name !== 'calls')
      await target.raw(buildSequenceReset(table.name));
    onTableCopied({ table: table.name, rows });
    copied.push({ table: table.name, rows });
  }
  return copied;
}

/** Deletes the rows that migrations have inserted, which the source has too. @throws CopyError if there are any others */
async function deleteSeedRows(target: Knex.Transaction, tables: SourceTable[]): Promise<void> {
  for (const { name } of tables) {
    if (name === 'call_types') continue;
    if (await target(name).first(target.raw('1')))
      throw new CopyError(`The database to copy to is not empty: it has ${name.replaceAll('_', ' ')}`);
  }
  await target('call_types').delete();
}

const buildSequenceReset = (table: string): string =>
  `SELECT setval(pg_get_serial_sequence('${table}', 'id'), max(id)) FROM ${table} HAVING max(id) IS NOT NULL`;

/** A sum of checksums as they are would be too large for SQLite. */
const MODULUS = 2_147_483_647;

/** Counts rows and adds up all whole numbers, in both databases. */
async function compareTable(
  source: Knex.Transaction,
  target: Knex.Transaction,
  table: SourceTable,
): Promise<void> {
  const sums = table.numbers.map((column) => `sum(CAST(${column} % ${MODULUS} AS numeric)) AS ${column}`);
  const sql = `SELECT ${['count(*) AS rows', ...sums].join(', ')} FROM ${table.name}`;
  const [before] = await queryRows<Record<string, number | null>>(source, sql);
  const [after] = await queryRows<Record<string, number | null>>(target, sql);
  const wrong = Object.entries(before ?? {}).filter(([name, sum]) => sum !== after?.[name]);
  if (wrong.length > 0)
    throw new CopyError(
      `${table.name} came out differently: ${wrong.map(([name, sum]) => `${name} ${sum} became ${after?.[name]}`).join(', ')}`,
    );
}

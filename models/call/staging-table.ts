import { CALL_COLUMNS } from './call-rows';
import type { MonthSum } from './sum-accumulator';
import { isPostgres, type Queryable, queryRows } from '../../lib/database/db';

/** A wait that is long enough for another import to finish. */
const TIMEOUT_MS = 30 * 60_000;

export async function setImportBusyTimeout(connection: Queryable): Promise<void> {
  if (!isPostgres) await connection.raw(`PRAGMA busy_timeout = ${TIMEOUT_MS}`);
}

/** A table of calls whose id is yet only their place in the file. */
export async function createStagingTable(connection: Queryable): Promise<void> {
  await setImportBusyTimeout(connection);
  const bytes = isPostgres ? 'bytea' : 'blob';
  const definitions = CALL_COLUMNS.map(({ name, kind }) => `${name} ${kind === 'bytes' ? bytes : kind}`);
  await connection.raw(`CREATE TEMP TABLE staged_calls (${definitions.join(', ')}, PRIMARY KEY (id))`);
}

/** Of calls that stand twice in the file the first stays. */
export async function removeRepeatedCalls(staging: Queryable): Promise<void> {
  await staging.raw('CREATE INDEX staged_calls_source ON staged_calls (source, id)');
  await staging.raw(`
    DELETE FROM staged_calls WHERE id IN (
      SELECT id FROM (
        SELECT id, source = lag(source) OVER (ORDER BY source, id) AS repeated FROM staged_calls
      ) AS sorted WHERE repeated
    )`);
  if (isPostgres) await staging.raw('ANALYZE staged_calls');
}

/** What an earlier batch has brought in already goes. */
export async function removeKnownCalls(trx: Queryable): Promise<void> {
  const month = isPostgres ? 'AND calls.billing_month = staged_calls.billing_month' : '';
  await trx.raw(`
    DELETE FROM staged_calls WHERE id IN (
      SELECT staged_calls.id FROM staged_calls JOIN calls ON calls.source = staged_calls.source ${month}
    )`);
}

export const sumStagedCalls = (trx: Queryable): Promise<MonthSum[]> =>
  queryRows(
    trx,
    `SELECT billing_month, COUNT(*) AS calls, SUM(duration) AS duration, SUM(charge) AS charge
    FROM staged_calls GROUP BY billing_month`,
  );

/** The order of the table: that of a detail file. */
export const CALL_KEY = [
  'contract_id',
  'billing_month',
  'direction',
  'phone_number_id',
  'started_at',
  'id',
].join(', ');
const copiedColumns = CALL_COLUMNS.map(({ name }) => name).filter((name) => name !== 'id');

/** On SQLite each 50,000 calls are sorted: unsorted they would touch every page of the table. */
const SORTED_BATCH_SIZE = 50_000;

/** Writes the staged calls into `calls`; `records` were staged. Fails at a call that is known. */
export async function copyStagedCalls(trx: Queryable, before: number, records: number): Promise<void> {
  const columns = copiedColumns.join(', ');
  // SQLite's usual way would keep all pages as they were, to go on after a failure.
  const insert = isPostgres ? 'INSERT' : 'INSERT OR FAIL';
  const copy = `${insert} INTO calls (id, ${columns}) SELECT ${before} + id AS id, ${columns} FROM staged_calls`;
  if (isPostgres) await trx.raw(`${copy} ORDER BY ${CALL_KEY}`);
  else
    for (let first = 0; first < records; first += SORTED_BATCH_SIZE)
      await trx.raw(
        `${copy} WHERE id > ${first} AND id <= ${first + SORTED_BATCH_SIZE} ORDER BY ${CALL_KEY}`,
      );
}

/** Whether an error says that a call is known. */
export const isKnownCallError = (error: unknown): boolean =>
  /calls\.source|calls_\d+_billing_month_source/.test((error as { message?: string }).message ?? '');

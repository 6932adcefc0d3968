import { isPostgres, type Queryable, queryRows } from '../../lib/database/db';
import { CALL_COLUMNS, CALL_KEY } from './new-call';
import type { MonthSum } from './sum-accumulator';

/** Long enough for another import to finish. */
const TIMEOUT_MS = 30 * 60_000;

export async function setImportBusyTimeout(connection: Queryable): Promise<void> {
  if (!isPostgres) await connection.raw(`PRAGMA busy_timeout = ${TIMEOUT_MS}`);
}

/** A table of calls, whose ids are still their places in the file. */
export async function createStagingTable(connection: Queryable): Promise<void> {
  await setImportBusyTimeout(connection);
  const bytes = isPostgres ? 'bytea' : 'blob';
  const definitions = CALL_COLUMNS.map(({ name, kind }) => `${name} ${kind === 'bytes' ? bytes : kind}`);
  await connection.raw(`CREATE TEMP TABLE staged_calls (${definitions.join(', ')}, PRIMARY KEY (id))`);
}

/** Keeps the first of calls that are in the file twice. */
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

/** Removes the calls that an earlier batch has added. */
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

const copiedColumns = CALL_COLUMNS.map(({ name }) => name).filter((name) => name !== 'id');

/** SQLite sorts each 50,000 calls: unsorted they would touch every page of the table. */
const SORTED_BATCH_SIZE = 50_000;

/** Copies the staged calls into `calls`; `records` were staged. Fails at a known call. */
export async function copyStagedCalls(trx: Queryable, before: number, records: number): Promise<void> {
  const columns = copiedColumns.join(', ');
  // OR FAIL: by default SQLite would journal every page, to undo the statement if it fails.
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

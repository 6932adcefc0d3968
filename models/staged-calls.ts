import { isPostgres, type Queryable, rawRows } from './db';
import type { BillingMonth } from './month';
import type { PackedColumn } from './packed-rows';

/** Those of `calls`, with the running number of the record in the place of the id. */
export const STAGED_COLUMNS: readonly PackedColumn[] = [
  { name: 'record', kind: 'integer', width: 10 },
  { name: 'contract_id', kind: 'integer', width: 10 },
  { name: 'billing_month', kind: 'integer', width: 6 },
  { name: 'direction', kind: 'integer', width: 1 },
  { name: 'phone_number_id', kind: 'integer', width: 10 },
  { name: 'started_at', kind: 'bigint', width: 12 },
  { name: 'duration', kind: 'integer', width: 9 },
  { name: 'other_number', kind: 'text', width: 20 },
  { name: 'hyphens', kind: 'integer', width: 2 },
  { name: 'area_id', kind: 'integer', width: 10 },
  { name: 'line_class', kind: 'integer', width: 1 },
  { name: 'call_type_id', kind: 'integer', width: 10 },
  { name: 'charge', kind: 'bigint', width: 12 },
  { name: 'source', kind: 'hex', width: 18 },
];

/** A wait that is long enough for another import to finish. */
const PATIENCE_MS = 30 * 60_000;

export async function prepareStaging(connection: Queryable): Promise<void> {
  if (!isPostgres)
    for (const pragma of [`busy_timeout = ${PATIENCE_MS}`, 'cache_size = -32000'])
      await connection.raw(`PRAGMA ${pragma}`);
  const bytes = isPostgres ? 'bytea' : 'blob';
  const definitions = STAGED_COLUMNS.map(({ name, kind }) => `${name} ${kind === 'hex' ? bytes : kind}`);
  await connection.raw(`CREATE TEMP TABLE staged_calls (${definitions.join(', ')}, PRIMARY KEY (record))`);
}

/** Of calls that stand twice in the file the first stays. */
export async function removeRepeatedCalls(staging: Queryable): Promise<void> {
  await staging.raw('CREATE INDEX staged_calls_source ON staged_calls (source, record)');
  await staging.raw(`
    DELETE FROM staged_calls WHERE record IN (
      SELECT record FROM (
        SELECT record, source = lag(source) OVER (ORDER BY source, record) AS repeated FROM staged_calls
      ) AS sorted WHERE repeated
    )`);
  if (isPostgres) await staging.raw('ANALYZE staged_calls');
}

/** What an earlier batch has brought in already goes. */
export async function removeKnownCalls(trx: Queryable): Promise<void> {
  const month = isPostgres ? 'AND calls.billing_month = staged_calls.billing_month' : '';
  await trx.raw(`
    DELETE FROM staged_calls WHERE record IN (
      SELECT staged_calls.record FROM staged_calls JOIN calls ON calls.source = staged_calls.source ${month}
    )`);
}

export interface StagedMonth {
  billing_month: BillingMonth;
  calls: number;
  /** 0.1 s */
  duration: number;
  /** 1/100 yen */
  charge: number;
}

export const sumStagedCalls = (trx: Queryable): Promise<StagedMonth[]> =>
  rawRows(
    trx,
    `SELECT billing_month, COUNT(*) AS calls, SUM(duration) AS duration, SUM(charge) AS charge
    FROM staged_calls GROUP BY billing_month`,
  );

const CALL_KEY = ['contract_id', 'billing_month', 'direction', 'phone_number_id', 'started_at', 'id'];
const copied = STAGED_COLUMNS.map(({ name }) => name).filter((name) => name !== 'record');

/** Of a file with more numbers each 50,000 calls are sorted: unsorted they would touch every page of the table. */
const MOST_UNSORTED_NUMBERS = 500;
const SORTED_TOGETHER = 50_000;

/**
 * Writes the staged calls into `calls`, in the order in which the database is quickest. `records` were staged, of so
 * many numbers. Fails at a call that is known; then the transaction is of no use any more.
 */
export async function copyStagedCalls(
  trx: Queryable,
  firstId: number,
  { records, numbers }: { records: number; numbers: number },
): Promise<void> {
  // SQLite's usual way would keep all pages as they were, to go on after a failure.
  const copy = `
    INSERT ${isPostgres ? '' : 'OR FAIL'} INTO calls (id, ${copied.join(', ')})
    SELECT ${firstId} + record AS id, ${copied.join(', ')} FROM staged_calls`;
  const sorted = `ORDER BY ${CALL_KEY.join(', ')}`;
  if (isPostgres) await trx.raw(`${copy} ${sorted}`);
  else if (numbers <= MOST_UNSORTED_NUMBERS) await trx.raw(`${copy} ORDER BY record`);
  else
    for (let first = 0; first < records; first += SORTED_TOGETHER)
      await trx.raw(`${copy} WHERE record > ${first} AND record <= ${first + SORTED_TOGETHER} ${sorted}`);
}

/** Whether an error says that a call is known. */
export const isKnownCallError = (error: unknown): boolean =>
  /calls\.source|calls_\d+_billing_month_source/.test((error as { message?: string }).message ?? '');

import { isPostgres, type Queryable, rawRows } from './db';
import type { BillingMonth } from './month';

/** [record, contract_id, billing_month, …, source]: the columns below in their order. */
export type StagedRow = (number | string)[];

/** Those of `calls`, with the running number of the record in the place of the id; the source is hexadecimal. */
const columns = {
  record: 'integer',
  contract_id: 'integer',
  billing_month: 'integer',
  direction: 'integer',
  phone_number_id: 'integer',
  started_at: 'bigint',
  duration: 'integer',
  other_number: 'text',
  hyphens: 'integer',
  area_id: 'integer',
  line_class: 'integer',
  call_type_id: 'integer',
  charge: 'bigint',
  source: 'text',
};

const names = Object.keys(columns);
const types = Object.values(columns);

/** A wait that is long enough for another import to finish. */
const PATIENCE_MS = 30 * 60_000;

export async function prepareStaging(connection: Queryable): Promise<void> {
  if (!isPostgres)
    for (const pragma of [`busy_timeout = ${PATIENCE_MS}`, 'cache_size = -64000'])
      await connection.raw(`PRAGMA ${pragma}`);
  const source = isPostgres ? 'bytea' : 'blob';
  const definitions = names.map((name, index) => `${name} ${name === 'source' ? source : types[index]}`);
  await connection.raw(`CREATE TEMP TABLE staged_calls (${definitions.join(', ')}, PRIMARY KEY (record))`);
}

const insertOnSqlite = `
  INSERT INTO staged_calls (${names.join(', ')})
  SELECT ${names.map((name, index) => (name === 'source' ? `unhex(value ->> ${index})` : `value ->> ${index}`)).join(', ')}
  FROM json_each(?)`;

const insertOnPostgres = `
  INSERT INTO staged_calls (${names.join(', ')})
  SELECT ${names.map((name) => (name === 'source' ? `decode(source, 'hex')` : name)).join(', ')}
  FROM unnest(${types.map((type) => `?::${type}[]`).join(', ')}) AS staged (${names.join(', ')})`;

/** Writes some thousand rows with one statement. */
export async function stageRows(staging: Queryable, rows: StagedRow[]): Promise<void> {
  if (rows.length === 0) return;
  if (isPostgres) await staging.raw(insertOnPostgres, arraysOf(rows));
  else await staging.raw(insertOnSqlite, [JSON.stringify(rows)]);
}

/** A column each, as PostgreSQL writes arrays: digits and hexadecimal need no quotes, the empty number does. */
const arraysOf = (rows: StagedRow[]): string[] =>
  names.map((_, column) => `{${rows.map((row) => (row[column] === '' ? '""' : row[column])).join(',')}}`);

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

const MONTH_SUMS = `
  SELECT billing_month, COUNT(*) AS calls, SUM(duration) AS duration, SUM(charge) AS charge
  FROM staged_calls GROUP BY billing_month`;

export const sumStagedCalls = (trx: Queryable): Promise<StagedMonth[]> => rawRows(trx, MONTH_SUMS);

/** Keeps what the batch adds to each month, and whether that was published. */
export async function recordBatchMonths(
  trx: Queryable,
  batch_id: number,
  published: ReadonlySet<BillingMonth>,
): Promise<void> {
  for (const month of await sumStagedCalls(trx))
    await trx('call_batch_months').insert({ batch_id, ...month, late: published.has(month.billing_month) });
}

const CALL_KEY = ['contract_id', 'billing_month', 'direction', 'phone_number_id', 'started_at', 'id'];
const copied = names.filter((name) => name !== 'record');

/** In the order of the primary key, in which SQLite and PostgreSQL write them quickest. */
export async function copyStagedCalls(trx: Queryable, firstId: number): Promise<void> {
  await trx.raw(`
    INSERT INTO calls (id, ${copied.join(', ')})
    SELECT ${firstId} + record AS id, ${copied.join(', ')} FROM staged_calls
    ORDER BY ${CALL_KEY.join(', ')}`);
}

import type { BulkColumn } from '../../lib/database/bulk-rows';
import { isPostgres, type Queryable, queryRows } from '../../lib/database/db';
import { type BillingMonth, addMonths } from '../billing/month';
import { CALLS_PER_BATCH, getCallIdRange } from './batch';
import type { CallTotals } from './call-totals';
import { CALL_KEY } from './new-call';

// The temporary tables of an import: `staged_calls` has the calls of the file by their places in it, `staged_keys` their
// identities, each once, and `known_calls` those that are already there.

/** The sums of a file's calls in a month. */
export interface MonthSum extends CallTotals {
  billing_month: BillingMonth;
}

/** Long enough for another import to finish. */
const TIMEOUT_MS = 30 * 60_000;

export async function setImportBusyTimeout(connection: Queryable): Promise<void> {
  if (!isPostgres) await connection.raw(`PRAGMA busy_timeout = ${TIMEOUT_MS}`);
}

/** Keys are looked up and written in their order, so that a cache of this size in kB holds what an import touches. */
const CACHE_KB = 64_000;

export async function createStagingTables(
  connection: Queryable,
  columns: readonly BulkColumn[],
): Promise<void> {
  await setImportBusyTimeout(connection);
  if (!isPostgres)
    for (const schema of ['main', 'temp']) await connection.raw(`PRAGMA ${schema}.cache_size = -${CACHE_KB}`);
  const bytes = isPostgres ? 'bytea' : 'blob';
  const definitions = columns.map(({ name, kind }) => `${name} ${kind === 'bytes' ? bytes : kind}`);
  const key = isPostgres ? '' : ', PRIMARY KEY (place)';
  await connection.raw(`CREATE TEMP TABLE staged_calls (${definitions.join(', ')}${key})`);
  const keys = `source ${bytes} NOT NULL, place integer NOT NULL, month integer NOT NULL, content bigint NOT NULL`;
  await connection.raw(
    `CREATE TEMP TABLE staged_keys (${keys}, PRIMARY KEY (source))${isPostgres ? '' : ' WITHOUT ROWID'}`,
  );
  await connection.raw(
    'CREATE TEMP TABLE known_calls (place integer PRIMARY KEY, month integer, call_id bigint, differs boolean NOT NULL)',
  );
}

/** Sorts the identities, and finds calls that are in the file twice: the first of them counts, or else the last. */
export async function stageKeys(staging: Queryable, { isLastKept }: { isLastKept: boolean }): Promise<void> {
  const order = `ORDER BY source, place${isLastKept ? ' DESC' : ''}`;
  const columns = 'source, place, billing_month, content';
  if (isPostgres) {
    await staging.raw(
      `INSERT INTO staged_keys SELECT DISTINCT ON (source) ${columns} FROM staged_calls ${order}`,
    );
    for (const table of ['staged_calls', 'staged_keys']) await staging.raw(`ANALYZE ${table}`);
  } else await staging.raw(`INSERT OR IGNORE INTO staged_keys SELECT ${columns} FROM staged_calls ${order}`);
  const [counts] = await queryRows<{ calls: number; keys: number }>(
    staging,
    'SELECT (SELECT count(*) FROM staged_calls) AS calls, (SELECT count(*) FROM staged_keys) AS keys',
  );
  if (counts?.calls !== counts?.keys)
    await staging.raw(`
      INSERT INTO known_calls (place, differs)
      SELECT s.place, s.content <> k.content FROM staged_calls s
      JOIN staged_keys k ON k.source = s.source WHERE s.place <> k.place`);
}

const SOURCE_MONTHS = `
  WITH RECURSIVE months (month) AS (
    SELECT min(month) FROM call_sources
    UNION ALL SELECT (SELECT min(month) FROM call_sources WHERE month > months.month) FROM months
    WHERE months.month IS NOT NULL)
  SELECT month FROM months WHERE month IS NOT NULL`;

/** The id of the last batch of version 0.1.0 that stands; undefined where there is none. */
export async function findLastOldBatch(on: Queryable): Promise<number | undefined> {
  const row = await on('call_batches')
    .where({ identity_version: 1, undone_at: null })
    .max<{ id: number | null }[]>('id as id');
  return row[0]?.id ?? undefined;
}

/** Looks the calls up among those of all months. Calls of version 0.1.0 have other identities. */
export async function findKnownCalls(trx: Queryable, lastOldBatch: number | undefined): Promise<void> {
  const months = (await queryRows<{ month: BillingMonth }>(trx, SOURCE_MONTHS)).map(({ month }) => month);
  for (const month of months)
    await trx.raw(
      `INSERT INTO known_calls
      SELECT k.place, c.month, c.call_id, c.content <> k.content
      FROM staged_keys k CROSS JOIN call_sources c WHERE c.month = ? AND c.source = k.source
      ON CONFLICT (place) DO NOTHING`,
      [month],
    );
  if (lastOldBatch !== undefined) await findOldCalls(trx, months, lastOldBatch);
  if (isPostgres) await trx.raw('ANALYZE known_calls');
}

/**
 * Finds calls of version 0.1.0: those that agree in line, direction, start, other number and duration, and those with
 * the identity of that version, which differ. That version kept no duration of counted calls.
 */
async function findOldCalls(trx: Queryable, months: BillingMonth[], lastOldBatch: number): Promise<void> {
  await trx.raw(
    `INSERT INTO known_calls
    SELECT s.place, c.billing_month, min(c.id), ${isPostgres ? 'false' : '0'} FROM staged_calls s
    JOIN calls c ON c.billing_month = s.billing_month AND c.contract_id = s.contract_id
      AND c.direction = s.direction AND c.phone_number_id = s.phone_number_id AND c.started_at = s.started_at
    WHERE c.id <= ? AND c.other_number = s.other_number AND (c.duration = s.duration
      OR c.duration = 0 AND s.call_type_id IN (SELECT id FROM call_types WHERE counted))
    GROUP BY s.place, c.billing_month
    ON CONFLICT (place) DO NOTHING`,
    [getCallIdRange(lastOldBatch)[1]],
  );
  for (const month of months)
    await trx.raw(
      `INSERT INTO known_calls
      SELECT s.place, c.month, c.call_id, ${isPostgres ? 'true' : '1'} FROM staged_calls s
      JOIN call_sources c ON c.month = ? AND c.source = s.old_source WHERE true
      ON CONFLICT (place) DO NOTHING`,
      [month],
    );
}

/** A known call whose record says something else than before, or a call that is in the file twice in two versions. */
export interface DifferingCall {
  /** Line of the file. */
  line: number;
  /** The batch that has the call; null if it is this very file. */
  batch: number | null;
  /** What is stored, and what the record says: times in 0.1 s, the charge in 1/100 yen. Null where all of it agrees. */
  stored: ComparedCall | null;
  given: ComparedCall;
}

export interface ComparedCall {
  phone_number_id: number;
  started_at: number;
  duration: number;
  other_number: string;
  charge: number;
}

const COMPARED = ['phone_number_id', 'started_at', 'duration', 'other_number', 'charge'] as const;
const MAX_DIFFERING = 1000;

/** The first calls that differ, by line; `count` of all. */
export async function listDifferingCalls(trx: Queryable): Promise<{ count: number; first: DifferingCall[] }> {
  const [counted] = await queryRows<{ count: number }>(
    trx,
    'SELECT count(*) AS count FROM known_calls WHERE differs',
  );
  const count = counted?.count ?? 0;
  if (count === 0) return { count, first: [] };
  const rows = await queryRows<ComparedCall & { source_line: number; call_id: number | null }>(
    trx,
    `SELECT k.call_id, s.source_line, ${COMPARED.map((name) => `s.${name}`).join(', ')}
    FROM known_calls k JOIN staged_calls s ON s.place = k.place
    WHERE k.differs ORDER BY k.place LIMIT ${MAX_DIFFERING}`,
  );
  const ids = rows.flatMap(({ call_id }) => call_id ?? []);
  const stored = await queryRows<ComparedCall & { id: number }>(
    trx,
    `SELECT id, ${COMPARED.join(', ')} FROM calls
    WHERE billing_month IN (${(await listKnownMonths(trx)).join(', ') || 0}) AND id IN (${ids.join(', ') || 0})`,
  );
  const byId = new Map(stored.map(({ id, ...call }) => [id, call]));
  return {
    count,
    first: rows.map(({ source_line, call_id, ...given }) => ({
      line: source_line,
      batch: call_id === null ? null : Math.floor(call_id / CALLS_PER_BATCH),
      stored: call_id === null ? null : (byId.get(call_id) ?? null),
      given,
    })),
  };
}

/** The months in which known calls may lie: a change of their type may have moved them. */
async function listKnownMonths(trx: Queryable): Promise<BillingMonth[]> {
  const rows = await queryRows<{ month: BillingMonth }>(
    trx,
    'SELECT DISTINCT month FROM known_calls WHERE month IS NOT NULL',
  );
  return listMonthsAround(rows.map(({ month }) => month));
}

/** The longest call, of 1,000 hours, can end two months after the one in which it began: 30 January, 12 March. */
const MONTHS_APART = [-2, -1, 0, 1, 2];

/** These months and those in which their calls may lie after a change of type, each once. */
export const listMonthsAround = (months: readonly BillingMonth[]): BillingMonth[] => [
  ...new Set(months.flatMap((month) => MONTHS_APART.map((offset) => addMonths(month, offset)))),
];

/** How many calls of each earlier batch the file has too. */
export const countOverlaps = (trx: Queryable): Promise<{ earlier_batch_id: number; calls: number }[]> =>
  queryRows(
    trx,
    `SELECT call_id / ${CALLS_PER_BATCH} AS earlier_batch_id, count(*) AS calls FROM known_calls
    WHERE call_id IS NOT NULL GROUP BY call_id / ${CALLS_PER_BATCH}`,
  );

/** Moves the stored calls that differ from the file's into the temporary table `replaced_calls`. Returns their number. */
export async function takeReplacedCalls(trx: Queryable): Promise<number> {
  const months = await listKnownMonths(trx);
  const inMonths = (column: string) => `${column} IN (${months.join(', ') || 0})`;
  const ids = 'SELECT call_id FROM known_calls WHERE differs AND call_id IS NOT NULL';
  await trx.raw(
    `CREATE TEMP TABLE replaced_calls AS SELECT * FROM calls WHERE ${inMonths('billing_month')} AND id IN (${ids})`,
  );
  await trx.raw(`DELETE FROM calls WHERE (${CALL_KEY}) IN (SELECT ${CALL_KEY} FROM replaced_calls)`);
  await trx.raw(`DELETE FROM call_sources WHERE ${inMonths('month')} AND call_id IN (${ids})`);
  await trx.raw('DELETE FROM known_calls WHERE differs AND call_id IS NOT NULL');
  const [row] = await queryRows<{ count: number }>(trx, 'SELECT count(*) AS count FROM replaced_calls');
  return row?.count ?? 0;
}

/** Removes the known calls from those that will be added. */
export async function removeKnownCalls(trx: Queryable): Promise<void> {
  for (const table of ['staged_keys', 'staged_calls'])
    await trx.raw(`DELETE FROM ${table} WHERE place IN (SELECT place FROM known_calls)`);
}

export const sumStagedCalls = (trx: Queryable): Promise<MonthSum[]> =>
  queryRows(
    trx,
    `SELECT billing_month, COUNT(*) AS calls, SUM(duration) AS duration, SUM(charge) AS charge
    FROM staged_calls GROUP BY billing_month ORDER BY billing_month`,
  );

const COPIED = `billing_month, contract_id, direction, phone_number_id, started_at, duration, other_number, area_id,
  line_class, call_type_id, charge, source_line`;

/**
 * Copies the staged calls and their identities into the portal's tables. All are sorted: whatever the order of the file,
 * each page of the tables is touched once.
 */
export async function copyStagedCalls(
  trx: Queryable,
  before: number,
  months: readonly MonthSum[],
): Promise<void> {
  // OR FAIL: by default SQLite would journal every page, to undo the statement if it fails.
  const insert = isPostgres ? 'INSERT' : 'INSERT OR FAIL';
  await trx.raw(`${insert} INTO calls (${COPIED}, id, rate_id)
    SELECT ${COPIED}, ${before} + place AS id, NULLIF(rate_id, 0) FROM staged_calls ORDER BY ${CALL_KEY}`);
  for (const { billing_month } of months)
    await trx.raw(
      `${insert} INTO call_sources (month, source, content, call_id)
      SELECT month, source, content, ${before} + place FROM staged_keys WHERE month = ? ORDER BY source`,
      [billing_month],
    );
}

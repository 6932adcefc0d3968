import { db, isPostgres, type Queryable, queryRows } from '../../lib/database/db';
import { raiseMonthVersions } from '../billing/month-version';

/** The columns by which calls are summed up, and the sums. */
interface Grouping {
  keys: string[];
  sums: string[];
}

const SUMS = ['calls', 'duration', 'charge'];
const MONTH_KEYS = ['billing_month', 'contract_id'];
const NUMBER_KEYS = [...MONTH_KEYS, 'phone_number_id', 'direction', 'call_type_id'];

/**
 * The sums of calls that the pages read. They change in the transaction that changes the calls, and nowhere else.
 * All are kept for outgoing and incoming calls alike.
 */
interface Summary extends Grouping {
  table: string;
}

const numberDays: Summary = { table: 'number_days', keys: [...NUMBER_KEYS, 'day'], sums: SUMS };
const contractHours: Summary = {
  table: 'contract_hours',
  keys: [...MONTH_KEYS, 'direction', 'hour'],
  sums: ['calls'],
};
const summaries: Summary[] = [
  numberDays,
  { table: 'number_sums', keys: NUMBER_KEYS, sums: SUMS },
  { table: 'contract_sums', keys: [...MONTH_KEYS, 'direction', 'call_type_id'], sums: SUMS },
];

/** Contract-months of fewer calls have no rows by hour: their pages are found without. */
export const MIN_CALLS_FOR_HOURS = 501;

/** From `started_at` in 0.1 s; days are those of Japan. */
const TIME_COLUMNS: Record<string, string> = {
  hour: 'started_at / 36000 AS hour',
  day: '(started_at / 36000 + 9) / 24 AS day',
};
/** The duration of a call that is counted, not timed, is kept, but not summed up. */
const DELTA_SUMS: Record<string, string> = {
  calls: 'COUNT(*)',
  duration:
    'SUM(CASE WHEN call_type_id IN (SELECT id FROM call_types WHERE counted) THEN 0 ELSE duration END)',
  charge: 'SUM(charge)',
};

/** SQL for the sums of a table or subquery of calls. With the sign -1 they are subtracted. */
function buildDeltaQuery({ keys, sums }: Grouping, calls: string, sign: 1 | -1 = 1): string {
  const columns = [
    ...keys.map((key) => TIME_COLUMNS[key] ?? key),
    ...sums.map((sum) => `${sign} * ${DELTA_SUMS[sum]} AS ${sum}`),
  ];
  return `SELECT ${columns.join(', ')} FROM ${calls} GROUP BY ${keys.join(', ')}`;
}

/** Sums the calls up once, as finely as any of the summaries needs but that by hour, into a table sorted by its keys. */
async function stageDeltas(trx: Queryable, calls: string, sign: 1 | -1): Promise<void> {
  const { keys, sums } = numberDays;
  const query = buildDeltaQuery(numberDays, calls, sign);
  if (isPostgres) await trx.raw(`CREATE TEMP TABLE call_days ON COMMIT DROP AS ${query}`);
  else {
    const columns = [...keys, ...sums].map((name) => `${name} integer`);
    await trx.raw(
      `CREATE TEMP TABLE call_days (${columns.join(', ')}, PRIMARY KEY (${keys.join(', ')})) WITHOUT ROWID`,
    );
    await trx.raw(`INSERT INTO call_days ${query}`);
  }
  await trx.raw(`
    CREATE TEMP TABLE touched_months AS
    SELECT billing_month, contract_id, SUM(calls) AS change FROM call_days GROUP BY billing_month, contract_id`);
  if (isPostgres) for (const table of ['call_days', 'touched_months']) await trx.raw(`ANALYZE ${table}`);
}

async function dropDeltaTables(trx: Queryable): Promise<void> {
  for (const name of ['call_days', 'touched_months', 'hour_months']) await trx.raw(`DROP TABLE ${name}`);
}

const buildSumColumns = ({ sums }: Grouping): string => sums.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ');

/** SQL that adds rows of sums, a subquery, to a summary. */
function buildApplyStatement({ table, keys, sums }: Summary, rows: string): string {
  const columns = [...keys, ...sums].join(', ');
  return `
    INSERT INTO ${table} (${columns}) SELECT ${columns} FROM (${rows}) AS added WHERE true
    ORDER BY ${keys.join(', ')}
    ON CONFLICT (${keys.join(', ')})
    DO UPDATE SET ${sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`).join(', ')}`;
}

/** Adds the calls of a table or subquery, which are in `calls`, to all sums, and raises the versions of their months. */
export const addToSummaries = (trx: Queryable, calls: string): Promise<void> =>
  changeSummaries(trx, calls, 1);

/** Subtracts the calls of a table or subquery from all sums, and deletes sums of no calls. */
export const subtractFromSummaries = (trx: Queryable, calls: string): Promise<void> =>
  changeSummaries(trx, calls, -1);

async function changeSummaries(trx: Queryable, calls: string, sign: 1 | -1): Promise<void> {
  await stageDeltas(trx, calls, sign);
  for (const summary of summaries) {
    const { keys } = summary;
    const rows =
      summary === numberDays
        ? 'SELECT * FROM call_days'
        : `SELECT ${keys.join(', ')}, ${buildSumColumns(summary)} FROM call_days GROUP BY ${keys.join(', ')}`;
    await trx.raw(buildApplyStatement(summary, rows));
    if (sign < 0) await deleteEmptySums(trx, summary);
  }
  await changeHours(trx, calls, sign);
  await raiseMonthVersions(trx, 'SELECT contract_id, billing_month FROM touched_months');
  await dropDeltaTables(trx);
}

const deleteEmptySums = (trx: Queryable, { table }: Summary): Promise<unknown> =>
  trx.raw(
    `DELETE FROM ${table} WHERE calls = 0
    AND (billing_month, contract_id) IN (SELECT billing_month, contract_id FROM touched_months)`,
  );

/** Rows by hour begin when a contract-month reaches MIN_CALLS_FOR_HOURS, and end when it falls below. */
async function changeHours(trx: Queryable, calls: string, sign: 1 | -1): Promise<void> {
  await trx.raw(`
    CREATE TEMP TABLE hour_months AS
    SELECT t.billing_month, t.contract_id, COALESCE(SUM(s.calls), 0) - t.change AS before, COALESCE(SUM(s.calls), 0) AS after
    FROM touched_months t
    LEFT JOIN contract_sums s ON s.billing_month = t.billing_month AND s.contract_id = t.contract_id
    GROUP BY t.billing_month, t.contract_id, t.change
    HAVING COALESCE(SUM(s.calls), 0) >= ${MIN_CALLS_FOR_HOURS} OR COALESCE(SUM(s.calls), 0) - t.change >= ${MIN_CALLS_FOR_HOURS}`);
  if (!(await trx('hour_months').first(trx.raw('1')))) return;
  const among = (condition: string) =>
    `(billing_month, contract_id) IN (SELECT billing_month, contract_id FROM hour_months WHERE ${condition})`;
  const select = (rows: string, condition: string, by: 1 | -1) =>
    buildDeltaQuery(contractHours, `(SELECT * FROM ${rows} WHERE ${among(condition)}) AS of_months`, by);
  const isBegun = `after >= ${MIN_CALLS_FOR_HOURS} AND before > 0 AND before < ${MIN_CALLS_FOR_HOURS}`;
  const isChanged = `after >= ${MIN_CALLS_FOR_HOURS} AND (before = 0 OR before >= ${MIN_CALLS_FOR_HOURS})`;
  await trx.raw(buildApplyStatement(contractHours, select(calls, isChanged, sign)));
  if (sign < 0) await deleteEmptySums(trx, contractHours);
  await trx.raw(buildApplyStatement(contractHours, select('calls', isBegun, 1)));
  await trx.raw(`DELETE FROM contract_hours WHERE ${among(`after < ${MIN_CALLS_FOR_HOURS}`)}`);
}

/** How much too high (or, negative, too low) a summary is for one key. `duration` in 0.1 s, `charge` in 1/100 yen. */
export type SummaryDifference = { table: string } & Record<string, number | string>;

/** Differences between sums and calls: none, unless somebody changed the database by hand. */
export async function checkSummaries(on: Queryable = db): Promise<SummaryDifference[]> {
  const differences: SummaryDifference[] = [];
  for (const summary of [...summaries, contractHours]) {
    const rows = await queryRows<Record<string, number>>(on, buildDifferenceQuery(summary));
    differences.push(...rows.map((row) => ({ table: summary.table, ...row })));
  }
  return differences;
}

const MONTHS_WITH_HOURS = `
  (SELECT * FROM calls WHERE (billing_month, contract_id) IN (
    SELECT billing_month, contract_id FROM calls
    GROUP BY billing_month, contract_id HAVING COUNT(*) >= ${MIN_CALLS_FOR_HOURS})) AS large`;

function buildDifferenceQuery(summary: Summary): string {
  const { table, keys, sums } = summary;
  const negative = sums.map((sum) => `-${sum}`).join(', ');
  const calls = summary === contractHours ? MONTHS_WITH_HOURS : 'calls';
  return `
    SELECT ${keys.join(', ')}, ${buildSumColumns(summary)} FROM (
      SELECT ${[...keys, ...sums].join(', ')} FROM ${table}
      UNION ALL SELECT ${keys.join(', ')}, ${negative} FROM (${buildDeltaQuery(summary, calls)}) AS of_calls
    ) AS compared
    GROUP BY ${keys.join(', ')}
    HAVING ${sums.map((sum) => `SUM(${sum}) <> 0`).join(' OR ')}`;
}

/** Recomputes all sums from the calls, in one transaction; the pages see the old ones until it is done. */
export async function rebuildSummaries(): Promise<SummaryDifference[]> {
  return db.transaction(async (trx) => {
    await lockCalls(trx);
    const differences = await checkSummaries(trx);
    for (const { table } of [...summaries, contractHours]) await trx(table).delete();
    await addToSummaries(trx, 'calls');
    return differences;
  });
}

/**
 * Lets one import or rebuild at a time change calls and sums; for the first statement of a transaction, because
 * SQLite locks at the first that writes.
 */
export async function lockCalls(trx: Queryable): Promise<void> {
  if (isPostgres) await trx.raw("SELECT pg_advisory_xact_lock(hashtext('meisai calls'))");
  else await trx.raw('UPDATE call_batches SET id = id WHERE false');
}

import { db, isPostgres, type Queryable, queryRows } from '../../lib/database/db';

/** The columns by which calls are summed up, and the sums. */
interface Grouping {
  keys: string[];
  sums: string[];
}

const SUMS = ['calls', 'duration', 'charge'];
const CONTRACT_KEYS = ['contract_id', 'billing_month', 'direction'];
const NUMBER_KEYS = [...CONTRACT_KEYS, 'phone_number_id', 'call_type_id'];

/** Temporary tables that sum up added calls once, as finely as any of the summaries needs. */
const deltaTables = {
  call_days: { keys: [...NUMBER_KEYS, 'day'], sums: SUMS },
  call_hours: { keys: [...CONTRACT_KEYS, 'hour'], sums: ['calls'] },
} satisfies Record<string, Grouping>;

export type Delta = keyof typeof deltaTables;

/**
 * The sums of calls that the pages read. They change in the transaction that changes the calls, and nowhere else.
 * All are kept for outgoing and incoming calls alike.
 */
interface Summary extends Grouping {
  table: string;
  of: Delta;
}

const summaries: Summary[] = [
  { table: 'number_days', of: 'call_days', ...deltaTables.call_days },
  { table: 'number_sums', of: 'call_days', keys: NUMBER_KEYS, sums: SUMS },
  { table: 'contract_sums', of: 'call_days', keys: [...CONTRACT_KEYS, 'call_type_id'], sums: SUMS },
  { table: 'contract_hours', of: 'call_hours', ...deltaTables.call_hours },
];

/** From `started_at` in 0.1 s; days are those of Japan. */
const TIME_COLUMNS: Record<string, string> = {
  hour: 'started_at / 36000 AS hour',
  day: '(started_at / 36000 + 9) / 24 AS day',
};
const DELTA_SUMS: Record<string, string> = {
  calls: 'COUNT(*)',
  duration: 'SUM(duration)',
  charge: 'SUM(charge)',
};

/** SQL for the sums of a table or subquery of calls. With the sign -1 they are subtracted. */
function buildDeltaQuery(of: Delta, calls: string, sign: 1 | -1 = 1): string {
  const { keys, sums } = deltaTables[of];
  const columns = [
    ...keys.map((key) => TIME_COLUMNS[key] ?? key),
    ...sums.map((sum) => `${sign} * ${DELTA_SUMS[sum]} AS ${sum}`),
  ];
  return `SELECT ${columns.join(', ')} FROM ${calls} GROUP BY ${keys.join(', ')}`;
}

const deltaNames = Object.keys(deltaTables) as Delta[];

async function stageDeltas(trx: Queryable, calls: string, sign: 1 | -1 = 1): Promise<void> {
  for (const name of deltaNames)
    await trx.raw(`CREATE TEMP TABLE ${name} AS ${buildDeltaQuery(name, calls, sign)}`);
}

async function dropDeltaTables(trx: Queryable): Promise<void> {
  for (const name of deltaNames) await trx.raw(`DROP TABLE ${name}`);
}

const DELTA_MONTHS = 'SELECT DISTINCT contract_id, billing_month FROM call_hours';

const buildSumColumns = ({ sums }: Summary): string => sums.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ');

function buildApplyStatement(summary: Summary): string {
  const { table, of, keys, sums } = summary;
  return `
    INSERT INTO ${table} (${[...keys, ...sums].join(', ')})
    SELECT ${keys.join(', ')}, ${buildSumColumns(summary)} FROM ${of} WHERE true GROUP BY ${keys.join(', ')}
    ON CONFLICT (${keys.join(', ')})
    DO UPDATE SET ${sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`).join(', ')}`;
}

/** Adds the calls of a table or subquery to all sums, and marks their months' files as out of date. */
export async function addToSummaries(trx: Queryable, calls: string): Promise<void> {
  await stageDeltas(trx, calls);
  await applyDeltas(trx);
}

/** Creates the temporary tables for sums unless they exist. Several rows may have the same keys. */
export async function createDeltaTables(trx: Queryable): Promise<void> {
  for (const [name, { keys, sums }] of Object.entries(deltaTables)) {
    const columns = [...keys.map((key) => `${key} integer`), ...sums.map((sum) => `${sum} bigint`)];
    await trx.raw(`CREATE TEMP TABLE IF NOT EXISTS ${name} (${columns.join(', ')})`);
  }
}

/** Adds the rows of the temporary tables to all sums, and drops the tables. */
export async function applyDeltas(trx: Queryable): Promise<void> {
  for (const summary of summaries) await trx.raw(buildApplyStatement(summary));
  await touchMonths(trx);
  await dropDeltaTables(trx);
}

/** Subtracts the calls of a table or subquery from all sums, and deletes sums of no calls. */
export async function subtractFromSummaries(trx: Queryable, calls: string): Promise<void> {
  await stageDeltas(trx, calls, -1);
  for (const summary of summaries) {
    await trx.raw(buildApplyStatement(summary));
    await trx.raw(
      `DELETE FROM ${summary.table} WHERE calls = 0 AND (contract_id, billing_month) IN (${DELTA_MONTHS})`,
    );
  }
  await touchMonths(trx);
  await dropDeltaTables(trx);
}

async function touchMonths(trx: Queryable): Promise<void> {
  await trx.raw(`
    INSERT INTO contract_months (contract_id, billing_month, version)
    SELECT contract_id, billing_month, 1 FROM (${DELTA_MONTHS}) AS touched WHERE true
    ON CONFLICT (contract_id, billing_month) DO UPDATE SET version = contract_months.version + 1`);
}

/** How much too high (or, negative, too low) a summary is for one key. `duration` in 0.1 s, `charge` in 1/100 yen. */
export type SummaryDifference = { table: string } & Record<string, number | string>;

/** Differences between sums and calls: none, unless somebody changed the database by hand. */
export async function checkSummaries(on: Queryable = db): Promise<SummaryDifference[]> {
  const differences: SummaryDifference[] = [];
  for (const summary of summaries) {
    const rows = await queryRows<Record<string, number>>(on, buildDifferenceQuery(summary));
    differences.push(...rows.map((row) => ({ table: summary.table, ...row })));
  }
  return differences;
}

function buildDifferenceQuery(summary: Summary): string {
  const { table, of, keys, sums } = summary;
  const negative = sums.map((sum) => `-${sum}`).join(', ');
  return `
    SELECT ${keys.join(', ')}, ${buildSumColumns(summary)} FROM (
      SELECT ${[...keys, ...sums].join(', ')} FROM ${table}
      UNION ALL SELECT ${keys.join(', ')}, ${negative} FROM (${buildDeltaQuery(of, 'calls')}) AS ${of}
    ) AS compared
    GROUP BY ${keys.join(', ')}
    HAVING ${sums.map((sum) => `SUM(${sum}) <> 0`).join(' OR ')}`;
}

/** Recomputes all sums from the calls, in one transaction; the pages see the old ones until it is done. */
export async function rebuildSummaries(): Promise<SummaryDifference[]> {
  return db.transaction(async (trx) => {
    await lockCalls(trx);
    const differences = await checkSummaries(trx);
    for (const { table } of summaries) await trx(table).delete();
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

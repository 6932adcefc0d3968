import { db, isPostgres, type Queryable, rawRows } from './db';

/**
 * The sums of calls that the pages read. They change in the transaction that changes the calls, and nowhere else.
 * All are kept for outgoing and incoming calls alike.
 */
interface Summary {
  table: string;
  keys: string[];
  sums: string[];
}

const SUMS = ['calls', 'duration', 'charge'];
const OF_NUMBER = ['contract_id', 'billing_month', 'phone_number_id', 'direction', 'call_type_id'];

const summaries: Summary[] = [
  { table: 'number_days', keys: [...OF_NUMBER, 'day'], sums: SUMS },
  { table: 'number_sums', keys: OF_NUMBER, sums: SUMS },
  {
    table: 'contract_sums',
    keys: ['contract_id', 'billing_month', 'direction', 'call_type_id'],
    sums: SUMS,
  },
  { table: 'contract_hours', keys: ['contract_id', 'billing_month', 'direction', 'hour'], sums: ['calls'] },
];

/**
 * Calls grouped once as finely as any of the tables needs; `started_at` is in 0.1 s, days are those of Japan.
 * With the sign -1 what the calls add is taken away.
 */
const grouped = (calls: string, sign: 1 | -1 = 1): string => `
  SELECT ${OF_NUMBER.join(', ')}, started_at / 36000 AS hour, (started_at / 36000 + 9) / 24 AS day,
    ${sign} * COUNT(*) AS calls, ${sign} * SUM(duration) AS duration, ${sign} * SUM(charge) AS charge
  FROM ${calls}
  GROUP BY ${OF_NUMBER.join(', ')}, started_at / 36000`;

const summed = ({ sums }: Summary): string => sums.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ');

function addTo(summary: Summary, groups: string): string {
  const { table, keys, sums } = summary;
  return `
    INSERT INTO ${table} (${[...keys, ...sums].join(', ')})
    SELECT ${keys.join(', ')}, ${summed(summary)} FROM ${groups} WHERE true GROUP BY ${keys.join(', ')}
    ON CONFLICT (${keys.join(', ')})
    DO UPDATE SET ${sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`).join(', ')}`;
}

/** Adds the calls of a table or subquery to all sums, and tells their months' files that they are out of date. */
export async function addToSummaries(trx: Queryable, calls: string): Promise<void> {
  await trx.raw(`CREATE TEMP TABLE call_groups AS ${grouped(calls)}`);
  await addGroupsToSummaries(trx);
}

/** The temporary table in which groups gather, of which several may have the same keys. Made where it is not there. */
export async function createCallGroups(trx: Queryable): Promise<string> {
  const keys = [...OF_NUMBER, 'hour', 'day'].map((key) => `${key} integer`);
  const sums = SUMS.map((sum) => `${sum} bigint`);
  await trx.raw(`CREATE TEMP TABLE IF NOT EXISTS call_groups (${[...keys, ...sums].join(', ')})`);
  return 'call_groups';
}

/** Adds the groups of createCallGroups() to all sums; the table goes. */
export async function addGroupsToSummaries(trx: Queryable): Promise<void> {
  for (const summary of summaries) await trx.raw(addTo(summary, 'call_groups'));
  await touchMonths(trx, 'SELECT DISTINCT contract_id, billing_month FROM call_groups');
  await trx.raw('DROP TABLE call_groups');
}

/** Takes calls of a table or subquery out of all sums again; what sums up nothing any more goes. */
export async function takeFromSummaries(trx: Queryable, calls: string): Promise<void> {
  await trx.raw(`CREATE TEMP TABLE call_groups AS ${grouped(calls, -1)}`);
  const months = 'SELECT DISTINCT contract_id, billing_month FROM call_groups';
  for (const summary of summaries) {
    await trx.raw(addTo(summary, 'call_groups'));
    await trx.raw(
      `DELETE FROM ${summary.table} WHERE calls = 0 AND (contract_id, billing_month) IN (${months})`,
    );
  }
  await touchMonths(trx, months);
  await trx.raw('DROP TABLE call_groups');
}

const touchMonths = async (trx: Queryable, months: string): Promise<void> => {
  await trx.raw(`
    INSERT INTO contract_months (contract_id, billing_month, version)
    SELECT contract_id, billing_month, 1 FROM (${months}) AS touched WHERE true
    ON CONFLICT (contract_id, billing_month) DO UPDATE SET version = contract_months.version + 1`);
};

/** What a summary says too much (or, negative, too little) for one key. `duration` in 0.1 s, `charge` in 1/100 yen. */
export type SummaryDifference = { table: string } & Record<string, number | string>;

/** Where the sums and the calls do not agree: nothing, unless somebody changed the database by hand. */
export async function checkSummaries(on: Queryable = db): Promise<SummaryDifference[]> {
  const differences: SummaryDifference[] = [];
  for (const summary of summaries) {
    const rows = await rawRows<Record<string, number>>(on, differencesOf(summary));
    differences.push(...rows.map((row) => ({ table: summary.table, ...row })));
  }
  return differences;
}

function differencesOf(summary: Summary): string {
  const { table, keys, sums } = summary;
  const negative = sums.map((sum) => `-${sum}`).join(', ');
  return `
    SELECT ${keys.join(', ')}, ${summed(summary)} FROM (
      SELECT ${[...keys, ...sums].join(', ')} FROM ${table}
      UNION ALL SELECT ${keys.join(', ')}, ${negative} FROM (${grouped('calls')}) AS call_groups
    ) AS compared
    GROUP BY ${keys.join(', ')}
    HAVING ${sums.map((sum) => `SUM(${sum}) <> 0`).join(' OR ')}`;
}

/** Makes all sums anew from the calls, in one transaction; the pages see the old ones until it is done. */
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

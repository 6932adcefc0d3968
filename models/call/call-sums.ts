import { db, isPostgres, type Queryable, rawRows } from '../../lib/database/db';

/** Columns by which calls are summed up, and which sums there are. */
interface Grouping {
  keys: string[];
  sums: string[];
}

const SUMS = ['calls', 'duration', 'charge'];
const OF_CONTRACT = ['contract_id', 'billing_month', 'direction'];
const OF_NUMBER = [...OF_CONTRACT, 'phone_number_id', 'call_type_id'];

/** What calls add is gathered once, in temporary tables, as finely as any of the summaries needs. */
const gatherings = {
  call_days: { keys: [...OF_NUMBER, 'day'], sums: SUMS },
  call_hours: { keys: [...OF_CONTRACT, 'hour'], sums: ['calls'] },
} satisfies Record<string, Grouping>;

export type Gathering = keyof typeof gatherings;

/**
 * The sums of calls that the pages read. They change in the transaction that changes the calls, and nowhere else.
 * All are kept for outgoing and incoming calls alike.
 */
interface Summary extends Grouping {
  table: string;
  of: Gathering;
}

const summaries: Summary[] = [
  { table: 'number_days', of: 'call_days', ...gatherings.call_days },
  { table: 'number_sums', of: 'call_days', keys: OF_NUMBER, sums: SUMS },
  { table: 'contract_sums', of: 'call_days', keys: [...OF_CONTRACT, 'call_type_id'], sums: SUMS },
  { table: 'contract_hours', of: 'call_hours', ...gatherings.call_hours },
];

/** From `started_at` in 0.1 s; days are those of Japan. */
const TIMES: Record<string, string> = {
  hour: 'started_at / 36000 AS hour',
  day: '(started_at / 36000 + 9) / 24 AS day',
};
const ADDED: Record<string, string> = {
  calls: 'COUNT(*)',
  duration: 'SUM(duration)',
  charge: 'SUM(charge)',
};

/** What the calls of a table or subquery come to. With the sign -1 what they add is taken away. */
function gathered(of: Gathering, calls: string, sign: 1 | -1 = 1): string {
  const { keys, sums } = gatherings[of];
  const columns = [
    ...keys.map((key) => TIMES[key] ?? key),
    ...sums.map((sum) => `${sign} * ${ADDED[sum]} AS ${sum}`),
  ];
  return `SELECT ${columns.join(', ')} FROM ${calls} GROUP BY ${keys.join(', ')}`;
}

const namesOfGatherings = Object.keys(gatherings) as Gathering[];

async function gather(trx: Queryable, calls: string, sign: 1 | -1 = 1): Promise<void> {
  for (const name of namesOfGatherings)
    await trx.raw(`CREATE TEMP TABLE ${name} AS ${gathered(name, calls, sign)}`);
}

async function forgetGathered(trx: Queryable): Promise<void> {
  for (const name of namesOfGatherings) await trx.raw(`DROP TABLE ${name}`);
}

const GATHERED_MONTHS = 'SELECT DISTINCT contract_id, billing_month FROM call_hours';

const summed = ({ sums }: Summary): string => sums.map((sum) => `SUM(${sum}) AS ${sum}`).join(', ');

function addTo(summary: Summary): string {
  const { table, of, keys, sums } = summary;
  return `
    INSERT INTO ${table} (${[...keys, ...sums].join(', ')})
    SELECT ${keys.join(', ')}, ${summed(summary)} FROM ${of} WHERE true GROUP BY ${keys.join(', ')}
    ON CONFLICT (${keys.join(', ')})
    DO UPDATE SET ${sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`).join(', ')}`;
}

/** Adds the calls of a table or subquery to all sums, and tells their months' files that they are out of date. */
export async function addToSummaries(trx: Queryable, calls: string): Promise<void> {
  await gather(trx, calls);
  await addGatheredToSummaries(trx);
}

/** The temporary tables in which sums gather, of which several may have the same keys. Made where they are not there. */
export async function createGatherings(trx: Queryable): Promise<void> {
  for (const [name, { keys, sums }] of Object.entries(gatherings)) {
    const columns = [...keys.map((key) => `${key} integer`), ...sums.map((sum) => `${sum} bigint`)];
    await trx.raw(`CREATE TEMP TABLE IF NOT EXISTS ${name} (${columns.join(', ')})`);
  }
}

/** Adds what has gathered since createGatherings() to all sums; the temporary tables go. */
export async function addGatheredToSummaries(trx: Queryable): Promise<void> {
  for (const summary of summaries) await trx.raw(addTo(summary));
  await touchMonths(trx);
  await forgetGathered(trx);
}

/** Takes calls of a table or subquery out of all sums again; what sums up nothing any more goes. */
export async function takeFromSummaries(trx: Queryable, calls: string): Promise<void> {
  await gather(trx, calls, -1);
  for (const summary of summaries) {
    await trx.raw(addTo(summary));
    await trx.raw(
      `DELETE FROM ${summary.table} WHERE calls = 0 AND (contract_id, billing_month) IN (${GATHERED_MONTHS})`,
    );
  }
  await touchMonths(trx);
  await forgetGathered(trx);
}

async function touchMonths(trx: Queryable): Promise<void> {
  await trx.raw(`
    INSERT INTO contract_months (contract_id, billing_month, version)
    SELECT contract_id, billing_month, 1 FROM (${GATHERED_MONTHS}) AS touched WHERE true
    ON CONFLICT (contract_id, billing_month) DO UPDATE SET version = contract_months.version + 1`);
}

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
  const { table, of, keys, sums } = summary;
  const negative = sums.map((sum) => `-${sum}`).join(', ');
  return `
    SELECT ${keys.join(', ')}, ${summed(summary)} FROM (
      SELECT ${[...keys, ...sums].join(', ')} FROM ${table}
      UNION ALL SELECT ${keys.join(', ')}, ${negative} FROM (${gathered(of, 'calls')}) AS ${of}
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

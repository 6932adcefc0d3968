import { now } from '../../lib/values/clock';
import { db, isPostgres, type Queryable, queryRows } from '../../lib/database/db';
import { type BillingMonth, addMonths, getMonthAt } from '../billing/month';

/**
 * Creates the partitions of these months of calls on PostgreSQL. A table is created first and then attached, because
 * CREATE TABLE … PARTITION OF would wait for all readers of calls, and block new ones meanwhile.
 */
export async function ensureCallPartitions(months: readonly BillingMonth[]): Promise<void> {
  if (isPostgres && months.length > 0) await createCallPartitions(db, months);
}

const MONTHS_AHEAD = 3;
let lastEnsuredMonth: BillingMonth = 0;

/** Creates the partitions of this month and the next two, so that no import has to wait for it. */
export async function ensureUpcomingCallPartitions(): Promise<void> {
  const month = getMonthAt(Math.floor(now() / 100));
  if (month === lastEnsuredMonth) return;
  await ensureCallPartitions(Array.from({ length: MONTHS_AHEAD }, (_, months) => addMonths(month, months)));
  lastEnsuredMonth = month;
}

/** Creates the missing partitions, on any PostgreSQL database. */
export async function createCallPartitions(on: Queryable, months: readonly BillingMonth[]): Promise<void> {
  await on.transaction(async (trx) => {
    await trx.raw("SELECT pg_advisory_xact_lock(hashtext('meisai call partitions'))");
    const tables = await queryRows<{ name: string }>(
      trx,
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits
      WHERE inhparent IN (${PARTITIONED.map((table) => `'${table}'::regclass`).join(', ')})`,
    );
    const existing = new Set(tables.map(({ name }) => name));
    for (const month of months)
      for (const table of PARTITIONED)
        if (!existing.has(`${table}_${month}`)) await createPartition(trx, table, month);
  });
}

/** Calls, and what identifies them: both go when a month is dropped. */
const PARTITIONED = ['calls', 'call_sources'];

async function createPartition(trx: Queryable, table: string, month: BillingMonth): Promise<void> {
  const partition = `${table}_${month}`;
  await trx.raw(`CREATE TABLE ${partition} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await trx.raw(
    `ALTER TABLE ${table} ATTACH PARTITION ${partition} FOR VALUES FROM (${month}) TO (${addMonths(month)})`,
  );
}

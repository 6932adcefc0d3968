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
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'calls'::regclass",
    );
    const existing = new Set(tables.map(({ name }) => name));
    for (const month of months) if (!existing.has(`calls_${month}`)) await createPartition(trx, month);
  });
}

async function createPartition(trx: Queryable, month: BillingMonth): Promise<void> {
  await trx.raw(`CREATE TABLE calls_${month} (LIKE calls INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await trx.raw(
    `ALTER TABLE calls ATTACH PARTITION calls_${month} FOR VALUES FROM (${month}) TO (${addMonths(month)})`,
  );
}

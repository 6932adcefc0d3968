import { listCallTypes } from '../../models/call/call-type';
import { ensureCallPartitions } from '../../models/call/partition';
import { db } from '../../lib/database/db';
import { type BillingMonth, getBillingMonth, getMonthStart } from '../../models/billing/month';
import { addToSummaries } from '../../models/call/call-sums';

/** A call in the units of the table, including calls that an import would refuse. Strings are codes or names. */
export interface TestCall {
  /** Digits of a number of the contract. */
  from: string;
  /** ISO 8601 with zone, to 0.1 s */
  at: string;
  /** 0.1 s */
  duration?: number;
  to?: string;
  area?: string;
  type?: string;
  /** 1/100 yen */
  charge?: number;
  internal?: boolean;
  incoming?: boolean;
}

let lastId = 0;

/** Deletes all calls, their batches and sums, and the files built from them. */
export async function deleteCalls(): Promise<void> {
  for (const table of [
    'detail_files',
    'calls',
    'call_sources',
    'call_batches',
    'number_sums',
    'number_days',
    'contract_sums',
    'contract_hours',
    'contract_months',
  ])
    await db(table).delete();
}

/** Writes calls straight into the table, with their sums, in import order. */
export async function storeCalls(contract_id: number, calls: TestCall[]): Promise<void> {
  if (calls.length === 0) return;
  const types = new Map((await listCallTypes()).map((type) => [type.code, type]));
  const numbers = await mapIdsBy('phone_numbers', 'number');
  await db('areas')
    .insert([...new Set(calls.map(({ area }) => area ?? '東京'))].map((name) => ({ name })))
    .onConflict('name')
    .ignore();
  const areas = await mapIdsBy('areas', 'name');
  const rows = calls.map((call) => {
    const type = types.get(call.type ?? 'domestic');
    if (!type) throw new Error(`No call type ${call.type}`);
    lastId += 1;
    const [started_at, duration, to] = [
      Date.parse(call.at) / 100,
      call.duration ?? 660,
      call.to ?? '0312345678',
    ];
    return {
      contract_id,
      billing_month: getBillingMonth(started_at, duration, Boolean(type.counted)),
      direction: call.incoming ? 1 : 0,
      phone_number_id: numbers.get(call.from),
      started_at,
      id: lastId,
      duration,
      other_number: to,
      area_id: areas.get(call.area ?? '東京'),
      line_class: call.internal ? 1 : 0,
      call_type_id: type.id,
      charge: call.charge ?? 800,
    };
  });
  await insertCalls(rows);
}

async function insertCalls(rows: { id: number; billing_month: BillingMonth }[]): Promise<void> {
  await ensureCallPartitions([...new Set(rows.map(({ billing_month }) => billing_month))]);
  await db.transaction(async (trx) => {
    await trx.batchInsert('calls', rows, 50);
    const added = rows.map(({ id }) => id);
    await addToSummaries(
      trx,
      `(SELECT * FROM calls WHERE id BETWEEN ${Math.min(...added)} AND ${Math.max(...added)}) AS added`,
    );
  });
}

async function mapIdsBy(table: string, key: string): Promise<Map<string, number>> {
  const rows = await db(table).select<Record<string, string>[]>('id', key);
  return new Map(rows.map((row) => [row[key] ?? '', Number(row.id)]));
}

/** Stores `count` calls of one number, a second apart, in one statement. */
export async function storeManyCalls(contract_id: number, month: BillingMonth, count: number): Promise<void> {
  await ensureCallPartitions([month]);
  const area = (await mapIdsBy('areas', 'name')).values().next().value ?? (await createArea());
  const number = await db('number_periods')
    .where({ contract_id })
    .min<{ id: number }[]>('phone_number_id as id');
  await db.transaction(async (trx) => {
    await trx.raw(
      `INSERT INTO calls (contract_id, billing_month, direction, phone_number_id, started_at, id, duration,
        other_number, area_id, line_class, call_type_id, charge)
      WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < ${count})
      SELECT ${contract_id}, ${month}, 0, ${number[0]?.id}, ${getMonthStart(month)} + i * 10, i + ${lastId}, 5, '0312345678',
        ${area}, 0, 1, 800 FROM k`,
    );
    await addToSummaries(trx, `(SELECT * FROM calls WHERE id > ${lastId}) AS added`);
  });
  lastId += count;
}

async function createArea(): Promise<number> {
  await db('areas').insert({ name: '東京' });
  return (await mapIdsBy('areas', 'name')).get('東京') ?? 0;
}

import type { Knex } from 'knex';
import { addToTotals, type CallTotals, createTotals } from './call-totals';
import type { NewCall } from './new-call';
import type { BillingMonth } from '../billing/month';
import { toJstDay, TENTHS_OF_HOUR } from '../../lib/values/jst';
import { openBulkInsert } from '../../lib/database/bulk-insert';
import type { BulkColumn } from '../../lib/database/bulk-rows';
import { createDeltaTables, type Delta } from './call-sums';

/** The sums of a file's calls in a month. */
export interface MonthSum extends CallTotals {
  billing_month: BillingMonth;
}

/** Rows of the temporary tables of call-sums.ts; `duration` and `charge` as above. */
type HourSum = Record<'contract_id' | 'billing_month' | 'direction' | 'hour' | 'calls', number>;
type DaySum = Record<
  | 'contract_id'
  | 'billing_month'
  | 'direction'
  | 'phone_number_id'
  | 'call_type_id'
  | 'day'
  | keyof CallTotals,
  number
>;

const CONTRACT_COLUMNS: readonly BulkColumn[] = [
  { name: 'contract_id', kind: 'integer', width: 10 },
  { name: 'billing_month', kind: 'integer', width: 6 },
  { name: 'direction', kind: 'integer', width: 1 },
];
const DAY_COLUMNS: readonly BulkColumn[] = [
  ...CONTRACT_COLUMNS,
  { name: 'phone_number_id', kind: 'integer', width: 10 },
  { name: 'call_type_id', kind: 'integer', width: 10 },
  { name: 'day', kind: 'integer', width: 6 },
  { name: 'calls', kind: 'bigint', width: 10 },
  { name: 'duration', kind: 'bigint', width: 16 },
  { name: 'charge', kind: 'bigint', width: 16 },
];
const HOUR_COLUMNS: readonly BulkColumn[] = [
  ...CONTRACT_COLUMNS,
  { name: 'hour', kind: 'integer', width: 8 },
  { name: 'calls', kind: 'bigint', width: 10 },
];

/** Flush threshold. Calls arrive roughly in time order, so a flushed group rarely reappears. */
const MAX_SUMS = 20_000;
/** Bound of hours or days since the epoch, times four: enough for some centuries. */
const MAX_TIMES = 2 ** 22;
const MAX_LINES = 5000;

/** Sums up the calls of a file while it is read. */
export class CallSumAccumulator {
  /** Sums by call type, then by number, direction, day and month. */
  private readonly days = new Map<number, Map<number, DaySum>>();
  /** Sums by contract, direction, hour and month. */
  private readonly hours = new Map<number, HourSum>();
  private readonly byMonth = new Map<number, MonthSum>();
  private readonly seenLines = new Set<number>();
  private size = 0;

  /** Whether write() should be called before more calls are added. */
  get isFull(): boolean {
    return this.size >= MAX_SUMS;
  }

  get months(): MonthSum[] {
    return [...this.byMonth.values()];
  }

  /** How many lines have calls, each direction counted apart; counting stops at MAX_LINES. */
  get lines(): number {
    return this.seenLines.size;
  }

  /** `duration` in 0.1 s */
  add(call: NewCall, billing_month: BillingMonth, duration: number): void {
    const line = call.phone_number_id * 2 + call.direction;
    if (this.seenLines.size < MAX_LINES) this.seenLines.add(line);
    this.addToMonth(call, billing_month, duration);
    this.addToHour(call, billing_month);
    this.addToDay(call, billing_month, duration);
  }

  private addToMonth({ charge }: NewCall, billing_month: BillingMonth, duration: number): void {
    let month = this.byMonth.get(billing_month);
    if (!month) {
      month = { billing_month, ...createTotals() };
      this.byMonth.set(billing_month, month);
    }
    addToTotals(month, 1, duration, charge);
  }

  private addToHour({ contract_id, direction, started_at }: NewCall, billing_month: BillingMonth): void {
    const hour = Math.floor(started_at / TENTHS_OF_HOUR);
    const key = buildKey(contract_id, direction, hour, billing_month);
    let sum = this.hours.get(key);
    if (!sum) {
      sum = { contract_id, billing_month, direction, hour, calls: 0 };
      this.hours.set(key, sum);
      this.size += 1;
    }
    sum.calls += 1;
  }

  private addToDay(call: NewCall, billing_month: BillingMonth, duration: number): void {
    const { contract_id, phone_number_id, direction, charge } = call;
    const call_type_id = call.call_type.id;
    const day = toJstDay(call.started_at);
    let ofType = this.days.get(call_type_id);
    if (!ofType) this.days.set(call_type_id, (ofType = new Map<number, DaySum>()));
    const key = buildKey(phone_number_id, direction, day, billing_month);
    let sum = ofType.get(key);
    if (!sum) {
      sum = { contract_id, billing_month, direction, phone_number_id, call_type_id, day, ...createTotals() };
      ofType.set(key, sum);
      this.size += 1;
    }
    addToTotals(sum, 1, duration, charge);
  }

  /** Writes the sums into the temporary tables that applyDeltas() reads, and forgets them. */
  async write(trx: Knex.Transaction): Promise<void> {
    await createDeltaTables(trx);
    const days = [...this.days.values()].flatMap((sums) => [...sums.values()]);
    await writeRows(trx, 'call_days', DAY_COLUMNS, days);
    await writeRows(trx, 'call_hours', HOUR_COLUMNS, [...this.hours.values()]);
    this.days.clear();
    this.hours.clear();
    this.size = 0;
  }
}

/** `month % 4` is enough: even the longest calls that begin in one hour or day end in at most three months. */
const buildKey = (id: number, direction: number, time: number, month: BillingMonth): number =>
  (id * 2 + direction) * MAX_TIMES + time * 4 + (month % 4);

async function writeRows(
  trx: Knex.Transaction,
  table: Delta,
  columns: readonly BulkColumn[],
  rows: readonly Record<string, number>[],
): Promise<void> {
  const bulkInsert = await openBulkInsert(trx, table, columns);
  await bulkInsert.addAll(rows.map((row) => columns.map(({ name }) => row[name] ?? 0)));
  await bulkInsert.end();
}

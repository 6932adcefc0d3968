import type { AreaIds } from './area-ids';
import { getAreaName, getCachedAreaName } from '../phone-number/area-name';
import type { NewCall } from './new-call';
import type { CallSumAccumulator } from './sum-accumulator';
import { getBillingMonth, type BillingMonth } from '../billing/month';
import { toJstDay } from '../../lib/values/jst';
import type { PackedColumn, PackedValue } from '../../lib/database/sqlite-packed-rows';
import type { BulkInsert } from '../../lib/database/bulk-insert';
import { getHyphens } from '../phone-number/phone-number-format';

/** Those of `calls`. */
export const CALL_COLUMNS: readonly PackedColumn[] = [
  { name: 'id', kind: 'bigint', width: 16 },
  { name: 'contract_id', kind: 'integer', width: 10 },
  { name: 'billing_month', kind: 'integer', width: 6 },
  { name: 'direction', kind: 'integer', width: 1 },
  { name: 'phone_number_id', kind: 'integer', width: 10 },
  { name: 'started_at', kind: 'bigint', width: 12 },
  { name: 'duration', kind: 'integer', width: 9 },
  { name: 'other_number', kind: 'text', width: 20 },
  { name: 'hyphens', kind: 'integer', width: 2 },
  { name: 'area_id', kind: 'integer', width: 10 },
  { name: 'line_class', kind: 'integer', width: 1 },
  { name: 'call_type_id', kind: 'integer', width: 10 },
  { name: 'charge', kind: 'bigint', width: 12 },
  { name: 'source', kind: 'bytes', width: 18 },
];

/** So few that most of them are forgotten before memory is tidied up: what outlives that costs most. */
const CHUNK = 256;

export interface CallRowsOptions {
  /** Before the id of the first call. */
  before: number;
  /** Undefined where nobody will read the areas. */
  areas?: AreaIds | undefined;
  sums?: CallSumAccumulator;
  /** Asked for each time that rows are ready, when their calls are in the sums. */
  getBulkInsert(): BulkInsert | Promise<BulkInsert>;
}

/** Turns calls into rows of `calls`, some at a time. */
export class CallRows {
  /** Calls that were given a row. */
  count = 0;
  private calls: NewCall[] = [];

  constructor(private readonly options: CallRowsOptions) {}

  /** Takes a call; a promise only where one has to wait before the next. */
  add(call: NewCall): Promise<void> | undefined {
    this.calls.push(call);
    return this.calls.length >= CHUNK ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const { calls } = this;
    this.calls = [];
    const areas: string[] = [];
    for (const { area, other_number } of calls)
      areas.push(area || (getCachedAreaName(other_number) ?? (await getAreaName(other_number))));
    const ids = await this.options.areas?.resolve(areas);
    const areaIds = areas.map((area) => ids?.get(area) ?? 0);
    const months = calls.map((call) => this.addToSums(call));
    const sink = await this.options.getBulkInsert();
    const rows = calls.map((call, place) => this.toRow(call, months[place] ?? 0, areaIds[place] ?? 0));
    for (const row of rows) {
      const waiting = sink.add(row);
      if (waiting) await waiting;
    }
  }

  private addToSums(call: NewCall): BillingMonth {
    const month = getBillingMonth(call.started_at, getStoredDuration(call), Boolean(call.call_type.counted));
    this.options.sums?.add(call, month, getStoredDuration(call));
    return month;
  }

  private toRow(call: NewCall, month: BillingMonth, areaId: number): PackedValue[] {
    this.count += 1;
    return [
      this.options.before + this.count,
      call.contract_id,
      month,
      call.direction,
      call.phone_number_id,
      call.started_at,
      getStoredDuration(call),
      call.other_number,
      getHyphens(call.other_number),
      areaId,
      call.line_class,
      call.call_type.id,
      call.charge,
      getDayBytes(call.started_at) + call.source,
    ];
  }
}

/** What is counted is not timed. */
const getStoredDuration = ({ call_type, duration }: NewCall): number => (call_type.counted ? 0 : duration);

/**
 * The day begins a call's key, so that the calls of a file lie together in the index of sources: at random they would
 * touch every page of it. The ids of a switch need to be its own for a day only.
 */
function getDayBytes(started_at: number): string {
  const day = toJstDay(started_at);
  if (day !== lastDay.day) lastDay = { day, bytes: String.fromCharCode(day >> 8, day & 255) };
  return lastDay.bytes;
}

let lastDay = { day: 0, bytes: '\0\0' };

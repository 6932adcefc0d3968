import type { Knex } from 'knex';
import type { PackedColumn, PackedValue } from './packed-rows';
import { openRowSink } from './row-sink';
import type { StagedMonth } from './staged-calls';

/** What the sums need to know of a call. Times in 0.1 s, `charge` in 1/100 yen. */
export interface SummedCall {
  contract_id: number;
  billing_month: number;
  phone_number_id: number;
  direction: number;
  call_type_id: number;
  started_at: number;
  duration: number;
  charge: number;
}

interface Group extends SummedCall {
  hour: number;
  calls: number;
}

const columns: readonly PackedColumn[] = [
  { name: 'contract_id', kind: 'integer', width: 10 },
  { name: 'billing_month', kind: 'integer', width: 6 },
  { name: 'phone_number_id', kind: 'integer', width: 10 },
  { name: 'direction', kind: 'integer', width: 1 },
  { name: 'call_type_id', kind: 'integer', width: 10 },
  { name: 'hour', kind: 'integer', width: 8 },
  { name: 'day', kind: 'integer', width: 6 },
  { name: 'calls', kind: 'bigint', width: 10 },
  { name: 'duration', kind: 'bigint', width: 16 },
  { name: 'charge', kind: 'bigint', width: 16 },
];

/** Some 20 MB. */
const MOST_GROUPS = 100_000;
const TENTHS_OF_HOUR = 36_000;

/**
 * Sums of the calls of a file, gathered while it is read, as `grouped` in summary.ts has them. They hold only where
 * all of its calls are new, and are given up where calls are so few and far between that they would fill the memory.
 */
export class StagedSums {
  /** By number and direction, by type, by hour and month. */
  private readonly groups = new Map<number, Map<number, Map<number, Group>>>();
  private readonly byMonth = new Map<number, StagedMonth>();
  private size = 0;

  get isComplete(): boolean {
    return this.size < MOST_GROUPS;
  }

  get months(): StagedMonth[] {
    return [...this.byMonth.values()];
  }

  /** How many numbers have calls, in either direction; Infinity where nobody has counted. */
  get numbers(): number {
    return this.isComplete ? this.groups.size : Infinity;
  }

  add(call: SummedCall): void {
    this.addToMonth(call);
    if (!this.isComplete) return;
    const hour = Math.floor(call.started_at / TENTHS_OF_HOUR);
    const types = mapAt(this.groups, call.phone_number_id * 2 + call.direction);
    const hours = mapAt(types, call.call_type_id);
    // The longest calls that begin in one hour end in three months.
    const key = hour * 4 + (call.billing_month % 4);
    const group = hours.get(key);
    if (group) addTo(group, call);
    else this.open(hours, key, { ...call, hour, calls: 1 });
  }

  private open(hours: Map<number, Group>, key: number, group: Group): void {
    hours.set(key, group);
    this.size += 1;
    // They will not be asked for any more.
    if (!this.isComplete) this.groups.clear();
  }

  private addToMonth({ billing_month, duration, charge }: SummedCall): void {
    const month = this.byMonth.get(billing_month);
    if (month) addTo(month, { duration, charge });
    else this.byMonth.set(billing_month, { billing_month, calls: 1, duration, charge });
  }

  /** Writes the groups into a temporary table that addToSummaries() takes. */
  async write(trx: Knex.Transaction, table: string): Promise<void> {
    const definitions = columns.map(({ name, kind }) => `${name} ${kind}`);
    await trx.raw(`CREATE TEMP TABLE ${table} (${definitions.join(', ')})`);
    const sink = await openRowSink(trx, table, columns);
    for (const group of this.all()) await sink.add(rowOf(group));
    await sink.end();
  }

  private *all(): Generator<Group> {
    for (const types of this.groups.values())
      for (const hours of types.values()) for (const group of hours.values()) yield group;
  }
}

function mapAt<Value>(maps: Map<number, Map<number, Value>>, key: number): Map<number, Value> {
  let map = maps.get(key);
  if (!map) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

function addTo(
  sums: { calls: number; duration: number; charge: number },
  call: { duration: number; charge: number },
): void {
  sums.calls += 1;
  sums.duration += call.duration;
  sums.charge += call.charge;
}

const rowOf = (group: Group): PackedValue[] => [
  group.contract_id,
  group.billing_month,
  group.phone_number_id,
  group.direction,
  group.call_type_id,
  group.hour,
  Math.floor((group.hour + 9) / 24),
  group.calls,
  group.duration,
  group.charge,
];

import type { Knex } from 'knex';
import type { CallRecord } from './record';
import type { BillingMonth } from '../month';
import { TENTHS_OF_HOUR } from '../month';
import type { PackedColumn, PackedValue } from '../database/packed-rows';
import { openRowSink } from '../database/row-sink';
import { createCallGroups } from '../summary';

/** What a file's calls come to in a month. */
export interface MonthSum {
  billing_month: BillingMonth;
  calls: number;
  /** 0.1 s */
  duration: number;
  /** 1/100 yen */
  charge: number;
}

type Group = Pick<CallRecord, 'contract_id' | 'phone_number_id' | 'direction'> &
  MonthSum & { call_type_id: number; hour: number };

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

/** So few that they take no memory to speak of. The calls of a file follow in time, so that no group comes back. */
const MOST_GROUPS = 20_000;
/** Hours since the epoch, times four: enough for some centuries. */
const MOST_TIMES = 2 ** 22;
const MOST_LINES = 5000;

/** Sums of the calls of a file, gathered while it is read, as the table `call_groups` of summary.ts has them. */
export class CallSums {
  /** By type; by number, direction, hour and month. */
  private readonly groups = new Map<number, Map<number, Group>>();
  private readonly byMonth = new Map<number, MonthSum>();
  private readonly seenLines = new Set<number>();
  private size = 0;

  /** Whether it is time to write them before there are more. */
  get isFull(): boolean {
    return this.size >= MOST_GROUPS;
  }

  get months(): MonthSum[] {
    return [...this.byMonth.values()];
  }

  /** How many lines have calls, those in and those out counted apart; no more than some thousand are counted. */
  get lines(): number {
    return this.seenLines.size;
  }

  /** `duration` in 0.1 s */
  add(call: CallRecord, billing_month: BillingMonth, duration: number): void {
    this.addToMonth(call, billing_month, duration);
    const hour = Math.floor(call.started_at / TENTHS_OF_HOUR);
    const line = call.phone_number_id * 2 + call.direction;
    if (this.seenLines.size < MOST_LINES) this.seenLines.add(line);
    let groups = this.groups.get(call.call_type.id);
    if (!groups) this.groups.set(call.call_type.id, (groups = new Map<number, Group>()));
    // The longest calls that begin in one hour end in three months.
    const key = line * MOST_TIMES + hour * 4 + (billing_month % 4);
    let group = groups.get(key);
    if (!group) {
      group = newGroup(call, billing_month, hour);
      groups.set(key, group);
      this.size += 1;
    }
    addTo(group, duration, call.charge);
  }

  private addToMonth({ charge }: CallRecord, billing_month: BillingMonth, duration: number): void {
    let month = this.byMonth.get(billing_month);
    if (!month) {
      month = { billing_month, calls: 0, duration: 0, charge: 0 };
      this.byMonth.set(billing_month, month);
    }
    addTo(month, duration, charge);
  }

  /** Writes the groups into the temporary table that addGroupsToSummaries() takes, and forgets them. */
  async write(trx: Knex.Transaction): Promise<void> {
    const sink = await openRowSink(trx, await createCallGroups(trx), columns);
    for (const groups of this.groups.values())
      for (const group of groups.values()) {
        const waiting = sink.add(rowOf(group));
        if (waiting) await waiting;
      }
    await sink.end();
    this.groups.clear();
    this.size = 0;
  }
}

function addTo(sum: { calls: number; duration: number; charge: number }, duration: number, charge: number) {
  sum.calls += 1;
  sum.duration += duration;
  sum.charge += charge;
}

function newGroup(call: CallRecord, billing_month: BillingMonth, hour: number): Group {
  const { contract_id, phone_number_id, direction, call_type } = call;
  const key = { contract_id, billing_month, phone_number_id, direction, call_type_id: call_type.id };
  return { ...key, hour, calls: 0, duration: 0, charge: 0 };
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

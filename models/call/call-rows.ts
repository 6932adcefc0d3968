import type { BulkColumn, BulkValue } from '../../lib/database/bulk-rows';
import type { Queryable } from '../../lib/database/db';
import { getBillingMonth } from '../billing/month';
import { getAreaNames } from '../phone-number/area-name';
import type { NewCall } from './new-call';

/** The columns of a staged call, in the order in which CallRows gives them. */
export const STAGED_COLUMNS: readonly BulkColumn[] = [
  { name: 'place', kind: 'integer', width: 9 },
  { name: 'billing_month', kind: 'integer', width: 6 },
  { name: 'contract_id', kind: 'integer', width: 10 },
  { name: 'direction', kind: 'integer', width: 1 },
  { name: 'phone_number_id', kind: 'integer', width: 10 },
  { name: 'started_at', kind: 'bigint', width: 12 },
  { name: 'duration', kind: 'integer', width: 9 },
  { name: 'other_number', kind: 'text', width: 20 },
  { name: 'area_id', kind: 'integer', width: 10 },
  { name: 'line_class', kind: 'integer', width: 1 },
  { name: 'call_type_id', kind: 'integer', width: 10 },
  { name: 'charge', kind: 'bigint', width: 12 },
  { name: 'rate_id', kind: 'integer', width: 10 },
  { name: 'source_line', kind: 'integer', width: 10 },
  { name: 'content', kind: 'bigint', width: 16 },
  { name: 'source', kind: 'bytes', width: 16 },
];

/** The identity of version 0.1.0, where the database has calls of that version. */
export const OLD_SOURCE_COLUMN: BulkColumn = { name: 'old_source', kind: 'bytes', width: 18 };

/** Turns calls into rows of staged calls, counted from 1. */
export class CallRows {
  /** Rows that were built. */
  count = 0;

  constructor(
    /** Undefined if nobody will read the areas. */
    private readonly areas: AreaIds | undefined,
    private readonly hasOldSources: boolean,
  ) {}

  /** Calls without an area get the numbering library's name, in place. */
  async build(calls: readonly NewCall[]): Promise<BulkValue[][]> {
    const nameless = calls.filter(({ area }) => area === '');
    const names = getAreaNames(nameless.map(({ other_number }) => other_number));
    for (const [place, call] of nameless.entries()) call.area = names[place] ?? '';
    const areaIds = await this.areas?.resolve(calls.map(({ area }) => area));
    return calls.map((call) => this.buildRow(call, areaIds?.get(call.area) ?? 0));
  }

  private buildRow(call: NewCall, areaId: number): BulkValue[] {
    this.count += 1;
    const row = [
      this.count,
      getBillingMonth(call.started_at, call.duration, Boolean(call.call_type.counted)),
      call.contract_id,
      call.direction,
      call.phone_number_id,
      call.started_at,
      call.duration,
      call.other_number,
      areaId,
      call.line_class,
      call.call_type.id,
      call.charge,
      call.rate_id ?? 0,
      call.source_line,
      call.content,
      call.source,
    ];
    if (this.hasOldSources) row.push(call.old_source ?? '\0'.repeat(OLD_SOURCE_COLUMN.width));
    return row;
  }
}

const MAX_CACHED_AREAS = 100_000;
const AREAS_PER_QUERY = 400;

/** The ids of area names, cached. */
export class AreaIds {
  private readonly cache = new Map<string, number>();

  constructor(private readonly on: Queryable) {}

  /** The ids of these names, among others. New names get one. */
  async resolve(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (this.cache.size + names.length > MAX_CACHED_AREAS) this.cache.clear();
    const unknown = [...new Set(names.filter((name) => !this.cache.has(name)))];
    for (let start = 0; start < unknown.length; start += AREAS_PER_QUERY)
      await this.insertMissing(unknown.slice(start, start + AREAS_PER_QUERY));
    return this.cache;
  }

  private async insertMissing(names: string[]): Promise<void> {
    await this.on('areas')
      .insert(names.map((name) => ({ name })))
      .onConflict('name')
      .ignore();
    const found = await this.on<{ id: number; name: string }>('areas').whereIn('name', names);
    for (const { id, name } of found) this.cache.set(name, id);
  }
}

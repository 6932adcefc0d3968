import type { Knex } from 'knex';
import type { BulkInsert, BulkValue } from '../../lib/database/bulk-rows';
import { openBulkInsert } from '../../lib/database/bulk-insert';
import {
  commitTransaction,
  db,
  isPostgres,
  openSingleConnection,
  type Queryable,
} from '../../lib/database/db';
import { toJstDay } from '../../lib/values/jst';
import { rememberLast } from '../../lib/values/remember-last';
import { type BillingMonth, getBillingMonth } from '../billing/month';
import { getAreaNames } from '../phone-number/area-name';
import { getHyphens } from '../phone-number/parse-phone-number';
import { getCallIdOffset, reserveBatchId } from './batch';
import { applyDeltas, lockCalls } from './call-sums';
import { type MergeResult, type NewBatch, saveBatch } from './merge';
import { CALL_COLUMNS, CALL_KEY, type NewCall } from './new-call';
import { ensureCallPartitions } from './partition';
import { setImportBusyTimeout } from './staging-table';
import { CallSumAccumulator } from './sum-accumulator';

/**
 * If a file has more lines, the calls of some ten thousand records are sorted before they are written: unsorted, each
 * would touch another page of the table.
 */
const MAX_UNSORTED_LINES = 1000;

/**
 * Writes the calls of one file straight into `calls`, in the one transaction that adds all or nothing. It is the fast
 * way for a file whose calls are all new; at a known call it fails (isKnownCallError() tells), and StagedCallImport
 * takes over.
 */
export class FastCallImport {
  private readonly sums = new CallSumAccumulator();
  private readonly rows: CallRows;
  private bulkInsert: BulkInsert | undefined;
  private months = 0;
  private isSorted = false;

  private constructor(
    private readonly connection: Knex,
    private readonly trx: Knex.Transaction,
    private readonly batchId: number,
  ) {
    // SQLite would wait for this very transaction; on PostgreSQL a running COPY blocks the connection.
    const areas = new AreaIds(isPostgres ? db : trx);
    this.rows = new CallRows(getCallIdOffset(batchId), areas, this.sums);
  }

  /** Waits until no other import is running. */
  static async open(): Promise<FastCallImport> {
    const connection = openSingleConnection();
    await setImportBusyTimeout(connection);
    const trx = await connection.transaction();
    await lockCalls(trx);
    return new FastCallImport(connection, trx, await reserveBatchId(trx));
  }

  /** Adds the calls of a block, some hundred at a time: so few that their rows die in V8's young generation. */
  async addAll(calls: readonly NewCall[]): Promise<void> {
    if (calls.length === 0) return;
    const rows = await this.rows.build(calls);
    const bulkInsert = await this.prepareBulkInsert();
    await bulkInsert.addAll(rows);
  }

  private async prepareBulkInsert(): Promise<BulkInsert> {
    const { months, isFull, lines } = this.sums;
    const isSorted = lines > MAX_UNSORTED_LINES;
    const isNewMonth = months.length > this.months;
    // COPY of PostgreSQL blocks the connection, and does not see partitions that are made after its start.
    const mustEnd = isPostgres ? isFull || isNewMonth : isSorted !== this.isSorted;
    if (this.bulkInsert && mustEnd) await this.endBulkInsert();
    if (isFull) await this.sums.write(this.trx);
    if (isNewMonth) await ensureCallPartitions(months.map(({ billing_month }) => billing_month));
    this.months = months.length;
    this.isSorted = isSorted;
    const order = isSorted ? CALL_KEY : undefined;
    this.bulkInsert ??= await openBulkInsert(this.trx, 'calls', CALL_COLUMNS, { order });
    return this.bulkInsert;
  }

  private async endBulkInsert(): Promise<void> {
    const { bulkInsert } = this;
    this.bulkInsert = undefined;
    await bulkInsert?.end();
  }

  /** Adds the batch and the sums, and commits. */
  async merge(batch: NewBatch): Promise<MergeResult> {
    await this.endBulkInsert();
    if (this.rows.count === 0) return { added: 0, duplicates: 0, late: 0 };
    await this.sums.write(this.trx);
    await applyDeltas(this.trx);
    const { months } = this.sums;
    const counted = await saveBatch(this.trx, { id: this.batchId, ...batch }, months, 0);
    await commitTransaction(this.trx);
    return counted;
  }

  /** Undoes what is not merged. */
  async close(): Promise<void> {
    await this.endBulkInsert().catch(() => undefined);
    if (!this.trx.isCompleted()) await this.trx.rollback();
    await this.connection.destroy();
  }
}

/** Turns calls into rows of `calls`, which get the ids after `offset`, and adds them to the sums. */
export class CallRows {
  /** Rows that were built. */
  count = 0;

  constructor(
    private readonly offset: number,
    /** Undefined if nobody will read the areas. */
    private readonly areas?: AreaIds,
    private readonly sums?: CallSumAccumulator,
  ) {}

  /** Calls without an area get the numbering library's name, in place. */
  async build(calls: readonly NewCall[]): Promise<BulkValue[][]> {
    const nameless = calls.filter(({ area }) => area === '');
    const names = await getAreaNames(nameless.map(({ other_number }) => other_number));
    for (const [place, call] of nameless.entries()) call.area = names[place] ?? '';
    const areaIds = await this.areas?.resolve(calls.map(({ area }) => area));
    return calls.map((call) => this.buildRow(call, areaIds?.get(call.area) ?? 0));
  }

  private buildRow(call: NewCall, areaId: number): BulkValue[] {
    this.count += 1;
    const isCounted = Boolean(call.call_type.counted);
    // Counted calls (directory enquiries) have no duration.
    const duration = isCounted ? 0 : call.duration;
    const month: BillingMonth = getBillingMonth(call.started_at, duration, isCounted);
    this.sums?.add(call, month, duration);
    return [
      this.offset + this.count,
      call.contract_id,
      month,
      call.direction,
      call.phone_number_id,
      call.started_at,
      duration,
      call.other_number,
      getHyphens(call.other_number),
      areaId,
      call.line_class,
      call.call_type.id,
      call.charge,
      encodeDay(toJstDay(call.started_at)) + call.source,
    ];
  }
}

/**
 * The day in two bytes, which begin a call's key: the calls of a file then lie together in the index of sources, and
 * do not touch every page of it. A switch's ids need to be unique within a day only.
 */
const encodeDay = rememberLast((day: number) => String.fromCharCode(day >> 8, day & 255), 0);

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

import type { Knex } from 'knex';
import { areaIds } from './area';
import { areaNameOf, knownAreaName } from './area-name';
import { findBatchOfFile } from './call-batch';
import { ensureCallPartitions } from './call-partition';
import type { CallRecord } from './call-record';
import { openOneConnection } from './db';
import {
  mergeNewCalls,
  type MergeResult,
  mergeUnknownCalls,
  type NewBatch,
  previewMerge,
} from './merge-calls';
import { billingMonthOf, jstDay } from './month';
import type { PackedValue } from './packed-rows';
import { openRowSink, type RowSink } from './row-sink';
import { isKnownCallError, prepareStaging, removeRepeatedCalls, STAGED_COLUMNS } from './staged-calls';
import { StagedSums } from './staged-sums';
import { lockCalls } from './summary';
import { hyphensOf } from './telephone';

/** So few that most of them are forgotten before memory is tidied up: what outlives that costs most. */
const CHUNK = 256;
const noAreas = new Map<string, number>();

/**
 * Where the calls of one file gather, in a temporary table of a connection of their own. The portal's tables are
 * neither locked nor changed before `merge`, which brings all in or nothing.
 */
export class CallStaging {
  private rows: CallRecord[] = [];
  private records = 0;
  private readonly sums = new StagedSums();

  private constructor(
    private readonly connection: Knex,
    private readonly staging: Knex.Transaction,
    private readonly sink: RowSink,
    private readonly isDryRun: boolean,
  ) {}

  /** A dry run counts what would be added, and leaves everything as it is. */
  static async open({ isDryRun = false }: { isDryRun?: boolean | undefined } = {}): Promise<CallStaging> {
    const connection = openOneConnection();
    await prepareStaging(connection);
    // Within a transaction the connection stays ours; as long as only the temporary table is used, it locks nothing.
    const staging = await connection.transaction();
    const sink = await openRowSink(staging, 'staged_calls', STAGED_COLUMNS);
    return new CallStaging(connection, staging, sink, isDryRun);
  }

  /** Takes a call; a promise only where one has to wait before the next. */
  add(call: CallRecord): Promise<void> | undefined {
    this.rows.push(call);
    return this.rows.length >= CHUNK ? this.flush() : undefined;
  }

  private async flush(): Promise<void> {
    const calls = this.rows;
    this.rows = [];
    const areas: string[] = [];
    for (const { area, other_number } of calls)
      areas.push(area || (knownAreaName(other_number) ?? (await areaNameOf(other_number))));
    const ids = this.isDryRun ? noAreas : await areaIds(new Set(areas));
    for (const [index, call] of calls.entries()) {
      const waiting = this.sink.add(this.stagedRow(call, ids.get(areas[index] ?? '') ?? 0));
      if (waiting) await waiting;
    }
  }

  private stagedRow(call: CallRecord, areaId: number): PackedValue[] {
    const { contract_id, phone_number_id, direction, started_at, call_type, charge } = call;
    const duration = call_type.counted ? 0 : call.duration;
    const billing_month = billingMonthOf(started_at, duration, Boolean(call_type.counted));
    const call_type_id = call_type.id;
    this.sums.add({
      contract_id,
      billing_month,
      phone_number_id,
      direction,
      call_type_id,
      started_at,
      duration,
      charge,
    });
    this.records += 1;
    return [
      this.records,
      contract_id,
      billing_month,
      direction,
      phone_number_id,
      started_at,
      duration,
      call.other_number,
      hyphensOf(call.other_number),
      areaId,
      call.line_class,
      call_type_id,
      charge,
      dayDigits(started_at) + call.source,
    ];
  }

  /** Brings the calls in that are not there yet, with their batch and their sums, in one transaction. */
  async merge(batch: NewBatch): Promise<MergeResult> {
    await this.flush();
    await this.sink.end();
    if (this.isDryRun) {
      await removeRepeatedCalls(this.staging);
      return previewMerge(this.staging, this.records);
    }
    await this.staging.commit();
    if (this.records === 0) return { added: 0, duplicates: 0, late: 0 };
    await ensureCallPartitions(this.sums.months.map(({ billing_month }) => billing_month));
    return (await this.mergeNew(batch)) ?? (await this.mergeUnknown(batch));
  }

  /** The usual case, in which to look for known calls before would be in vain. Undefined where there are some. */
  private async mergeNew(batch: NewBatch): Promise<MergeResult | undefined> {
    if (await findBatchOfFile(batch.sha256)) return undefined;
    try {
      return await this.inTransaction((trx) => mergeNewCalls(trx, batch, this.sums));
    } catch (error) {
      if (isKnownCallError(error)) return undefined;
      throw error;
    }
  }

  private async mergeUnknown(batch: NewBatch): Promise<MergeResult> {
    await removeRepeatedCalls(this.connection);
    return this.inTransaction((trx) => mergeUnknownCalls(trx, batch, this.records));
  }

  private inTransaction(merge: (trx: Knex.Transaction) => Promise<MergeResult>): Promise<MergeResult> {
    return this.connection.transaction(async (trx) => {
      await lockCalls(trx);
      return merge(trx);
    });
  }

  async close(): Promise<void> {
    await this.sink.end().catch(() => undefined);
    if (!this.staging.isCompleted()) await this.staging.rollback();
    await this.connection.destroy();
  }
}

/**
 * The day begins a call's key, so that the calls of a file lie together in the index of sources: at random they would
 * touch every page of it. The ids of a switch need to be its own for a day only.
 */
function dayDigits(started_at: number): string {
  const day = jstDay(started_at);
  if (day !== lastDay.day) lastDay = { day, digits: day.toString(16).padStart(4, '0') };
  return lastDay.digits;
}

let lastDay = { day: 0, digits: '0000' };

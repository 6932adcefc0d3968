import type { Knex } from 'knex';
import { areaIds } from './area';
import { areaNameOf } from './area-name';
import { type CallBatch, CALLS_PER_BATCH, createCallBatch } from './call-batch';
import { ensureCallPartitions } from './call-partition';
import type { CallRecord } from './call-record';
import { openOneConnection, type Queryable } from './db';
import { type BillingMonth, billingMonthOf } from './month';
import {
  copyStagedCalls,
  prepareStaging,
  removeKnownCalls,
  removeRepeatedCalls,
  stageRows,
  type StagedRow,
  sumStagedCalls,
} from './staged-calls';
import { addToSummaries, lockCalls } from './summary';
import { hyphensOf } from './telephone';

const CHUNK = 5000;

export interface MergeResult {
  /** Undefined where nothing was added. */
  batchId?: number;
  added: number;
  duplicates: number;
}

type NewBatch = Omit<CallBatch, 'id' | 'added' | 'duplicates' | 'duration' | 'charge'>;

/**
 * Where the calls of one file gather, in a temporary table of a connection of their own. The portal's tables are
 * neither locked nor changed before `merge`, which brings all in or nothing.
 */
export class CallStaging {
  private rows: CallRecord[] = [];
  private records = 0;
  private readonly months = new Set<BillingMonth>();
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly connection: Knex,
    private readonly staging: Knex.Transaction,
  ) {}

  static async open(): Promise<CallStaging> {
    const connection = openOneConnection();
    await prepareStaging(connection);
    // Within a transaction the connection stays ours; as long as only the temporary table is used, it locks nothing.
    return new CallStaging(connection, await connection.transaction());
  }

  /** Takes a call; resolves at once but for each 5,000th, which waits for the rows before to be written. */
  add(call: CallRecord): Promise<void> | undefined {
    this.rows.push(call);
    return this.rows.length >= CHUNK ? this.flush() : undefined;
  }

  private async flush(): Promise<void> {
    const rows = this.rows;
    this.rows = [];
    await this.writing;
    const staged = await this.complete(rows);
    this.writing = stageRows(this.staging, staged);
    // The failure is met by the next flush, or by merge.
    this.writing.catch(() => undefined);
  }

  private async complete(calls: CallRecord[]): Promise<StagedRow[]> {
    const areas: string[] = [];
    for (const { area, other_number } of calls) areas.push(area || (await areaNameOf(other_number)));
    const ids = await areaIds(new Set(areas));
    return calls.map((call, index) => this.stagedRow(call, ids.get(areas[index] ?? '') ?? 0));
  }

  private stagedRow(call: CallRecord, areaId: number): StagedRow {
    const { started_at, call_type } = call;
    const duration = call_type.counted ? 0 : call.duration;
    const month = billingMonthOf(started_at, duration, Boolean(call_type.counted));
    this.months.add(month);
    this.records += 1;
    return [
      this.records,
      call.contract_id,
      month,
      call.direction,
      call.phone_number_id,
      started_at,
      duration,
      call.other_number,
      hyphensOf(call.other_number),
      areaId,
      call.line_class,
      call_type.id,
      call.charge,
      call.source,
    ];
  }

  /** Brings the calls in that are not there yet, with their batch and their sums, in one transaction. */
  async merge(batch: NewBatch): Promise<MergeResult> {
    await this.flush();
    await this.writing;
    await removeRepeatedCalls(this.staging);
    await this.staging.commit();
    await ensureCallPartitions([...this.months]);
    const trx = await this.connection.transaction();
    try {
      await lockCalls(trx);
      const result = await mergeStaged(trx, batch, this.records);
      await (result.batchId === undefined ? trx.rollback() : trx.commit());
      return result;
    } catch (error) {
      if (!trx.isCompleted()) await trx.rollback();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.writing.catch(() => undefined);
    if (!this.staging.isCompleted()) await this.staging.rollback();
    await this.connection.destroy();
  }
}

async function mergeStaged(trx: Queryable, batch: NewBatch, records: number): Promise<MergeResult> {
  await removeKnownCalls(trx);
  const { calls: added, duration, charge } = await sumStagedCalls(trx);
  const duplicates = records - added;
  if (added === 0) return { added, duplicates };
  const batchId = await createCallBatch(trx, { ...batch, added, duplicates, duration, charge });
  await copyStagedCalls(trx, batchId * CALLS_PER_BATCH);
  await addToSummaries(trx, 'staged_calls');
  return { batchId, added, duplicates };
}

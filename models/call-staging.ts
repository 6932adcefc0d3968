import type { Knex } from 'knex';
import { areaIds } from './area';
import { areaNameOf } from './area-name';
import { CALLS_PER_BATCH, createCallBatch, type NewCallBatch } from './call-batch';
import { ensureCallPartitions } from './call-partition';
import type { CallRecord } from './call-record';
import { openOneConnection, type Queryable } from './db';
import { type BillingMonth, billingMonthOf } from './month';
import { publishedMonths } from './published-month';
import {
  copyStagedCalls,
  prepareStaging,
  recordBatchMonths,
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
  /** Of those added, in months that had been published. */
  late: number;
}

type NewBatch = Omit<NewCallBatch, 'added' | 'duplicates' | 'duration' | 'charge' | 'late'>;

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
    private readonly isDryRun: boolean,
  ) {}

  /** A dry run counts what would be added, and leaves everything as it is. */
  static async open({ isDryRun = false }: { isDryRun?: boolean | undefined } = {}): Promise<CallStaging> {
    const connection = openOneConnection();
    await prepareStaging(connection);
    // Within a transaction the connection stays ours; as long as only the temporary table is used, it locks nothing.
    return new CallStaging(connection, await connection.transaction(), isDryRun);
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
    if (this.isDryRun) return calls.map((call) => this.stagedRow(call, 0));
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
    if (this.isDryRun) return this.counted();
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

  private async counted(): Promise<MergeResult> {
    const { added, duplicates, late } = await countStaged(this.staging, this.records);
    return { added, duplicates, late };
  }

  async close(): Promise<void> {
    await this.writing.catch(() => undefined);
    if (!this.staging.isCompleted()) await this.staging.rollback();
    await this.connection.destroy();
  }
}

async function mergeStaged(trx: Queryable, batch: NewBatch, records: number): Promise<MergeResult> {
  const { duration, charge, published, ...counts } = await countStaged(trx, records);
  if (counts.added === 0) return counts;
  const batchId = await createCallBatch(trx, { ...batch, ...counts, duration, charge });
  await recordBatchMonths(trx, batchId, published);
  await copyStagedCalls(trx, batchId * CALLS_PER_BATCH);
  await addToSummaries(trx, 'staged_calls');
  return { batchId, ...counts };
}

/** What is new of the staged calls; the others go. */
async function countStaged(trx: Queryable, records: number) {
  await removeKnownCalls(trx);
  const months = await sumStagedCalls(trx);
  const published = await publishedMonths(
    months.map(({ billing_month }) => billing_month),
    trx,
  );
  const sum = (name: 'calls' | 'duration' | 'charge', of = months) =>
    of.reduce((total, month) => total + month[name], 0);
  const late = sum(
    'calls',
    months.filter(({ billing_month }) => published.has(billing_month)),
  );
  const added = sum('calls');
  const counts = { added, duplicates: records - added, late };
  return { ...counts, duration: sum('duration'), charge: sum('charge'), published };
}

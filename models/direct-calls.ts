import type { Knex } from 'knex';
import { AreaIds } from './area';
import { firstIdOf, reserveBatchId } from './call-batch';
import { ensureCallPartitions } from './call-partition';
import type { CallRecord } from './call-record';
import { CALL_COLUMNS, CallRows } from './call-rows';
import { CallSums } from './call-sums';
import { db, isPostgres, openOneConnection } from './db';
import { type MergeResult, type NewBatch, saveBatch } from './merge-calls';
import { openRowSink, type RowSink } from './row-sink';
import { bePatient, CALL_KEY } from './staged-calls';
import { addGroupsToSummaries, lockCalls } from './summary';

/**
 * Of a file with more lines some thousand calls are sorted together before they are written: unsorted each would touch
 * another page of the table.
 */
const MOST_UNSORTED_LINES = 1000;

/**
 * Writes the calls of one file straight into `calls`, in the one transaction that brings all in or nothing: the quick
 * way, for a file whose calls are all new. At one that is known it fails (isKnownCallError() tells), and CallStaging
 * is the way.
 */
export class DirectCalls {
  private readonly sums = new CallSums();
  private readonly rows: CallRows;
  private sink?: RowSink;
  private months = 0;
  private isSorted = false;

  private constructor(
    private readonly connection: Knex,
    private readonly trx: Knex.Transaction,
    private readonly batchId: number,
  ) {
    // SQLite would wait for this very transaction; COPY of PostgreSQL lets no other query onto the connection.
    const areas = new AreaIds(isPostgres ? db : trx);
    const options = { before: firstIdOf(batchId), areas, sums: this.sums };
    this.rows = new CallRows({ ...options, sink: () => this.readySink() });
  }

  /** Waits until no other import is under way. */
  static async open(): Promise<DirectCalls> {
    const connection = openOneConnection();
    await bePatient(connection);
    const trx = await connection.transaction();
    await lockCalls(trx);
    return new DirectCalls(connection, trx, await reserveBatchId(trx));
  }

  /** Takes a call; a promise only where one has to wait before the next. */
  add(call: CallRecord): Promise<void> | undefined {
    return this.rows.add(call);
  }

  /** What cannot be done while rows are on their way is done between two sinks. */
  private async readySink(): Promise<RowSink> {
    const { months, isFull, lines } = this.sums;
    const isSorted = this.isSorted || lines > MOST_UNSORTED_LINES;
    const isReady = this.sink && months.length === this.months && !isFull && isSorted === this.isSorted;
    if (this.sink && isReady) return this.sink;
    await this.sink?.end();
    if (isFull) await this.sums.write(this.trx);
    await ensureCallPartitions(months.map(({ billing_month }) => billing_month));
    this.months = months.length;
    this.isSorted = isSorted;
    const order = isSorted ? { order: CALL_KEY } : {};
    this.sink = await openRowSink(this.trx, 'calls', CALL_COLUMNS, order);
    return this.sink;
  }

  /** Adds the batch and the sums, and makes all of it seen. */
  async merge(batch: NewBatch): Promise<MergeResult> {
    await this.rows.flush();
    await this.sink?.end();
    if (this.rows.count === 0) return { added: 0, duplicates: 0, late: 0 };
    await this.sums.write(this.trx);
    await addGroupsToSummaries(this.trx);
    const { months } = this.sums;
    const counted = await saveBatch(this.trx, { id: this.batchId, ...batch }, months, 0);
    await this.trx.commit();
    return counted;
  }

  /** Undoes what is not merged. */
  async close(): Promise<void> {
    await this.sink?.end().catch(() => undefined);
    if (!this.trx.isCompleted()) await this.trx.rollback();
    await this.connection.destroy();
  }
}

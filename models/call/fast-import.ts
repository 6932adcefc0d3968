import type { Knex } from 'knex';
import { AreaIds } from './area-ids';
import { getCallIdOffset, reserveBatchId } from './batch';
import { ensureCallPartitions } from './partition';
import type { NewCall } from './new-call';
import { CALL_COLUMNS, CallRows } from './call-rows';
import { CallSumAccumulator } from './sum-accumulator';
import { commitTransaction, db, isPostgres, openSingleConnection } from '../../lib/database/db';
import { type MergeResult, type NewBatch, saveBatch } from './merge';
import { openBulkInsert, type BulkInsert } from '../../lib/database/bulk-insert';
import { setImportBusyTimeout, CALL_KEY } from './staging-table';
import { applyDeltas, lockCalls } from './call-sums';

/**
 * Of a file with more lines some thousand calls are sorted together before they are written: unsorted each would touch
 * another page of the table.
 */
const MAX_UNSORTED_LINES = 1000;

/**
 * Writes the calls of one file straight into `calls`, in the one transaction that brings all in or nothing: the quick
 * way, for a file whose calls are all new. At one that is known it fails (isKnownCallError() tells), and CallStaging
 * is the way.
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
    // SQLite would wait for this very transaction; COPY of PostgreSQL lets no other query onto the connection.
    const areas = new AreaIds(isPostgres ? db : trx);
    const options = { before: getCallIdOffset(batchId), areas, sums: this.sums };
    this.rows = new CallRows({ ...options, getBulkInsert: () => this.prepareBulkInsert() });
  }

  /** Waits until no other import is under way. */
  static async open(): Promise<FastCallImport> {
    const connection = openSingleConnection();
    await setImportBusyTimeout(connection);
    const trx = await connection.transaction();
    await lockCalls(trx);
    return new FastCallImport(connection, trx, await reserveBatchId(trx));
  }

  /** Takes a call; a promise only where one has to wait before the next. */
  add(call: NewCall): Promise<void> | undefined {
    return this.rows.add(call);
  }

  private async prepareBulkInsert(): Promise<BulkInsert> {
    const { months, isFull, lines } = this.sums;
    const isSorted = lines > MAX_UNSORTED_LINES;
    const isNewMonth = months.length > this.months;
    // COPY of PostgreSQL lets nothing else onto the connection, and sees no partition that is made after its start.
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

  /** Adds the batch and the sums, and makes all of it seen. */
  async merge(batch: NewBatch): Promise<MergeResult> {
    await this.rows.flush();
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

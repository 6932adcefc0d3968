import type { Knex } from 'knex';
import { AreaIds } from './area-ids';
import { ensureCallPartitions } from './partition';
import type { NewCall } from './new-call';
import { CALL_COLUMNS, CallRows } from './call-rows';
import { commitTransaction, db, openSingleConnection } from '../../lib/database/db';
import { type MergeResult, mergeNewCalls, type NewBatch, previewMerge } from './merge';
import { openBulkInsert, type BulkInsert } from '../../lib/database/bulk-insert';
import { createStagingTable, removeRepeatedCalls, sumStagedCalls } from './staging-table';
import { lockCalls } from './call-sums';

/**
 * Where the calls of one file gather, in a temporary table of a connection of their own, so that those that are known
 * can be told. The portal's tables are neither locked nor changed before `merge`, which brings all in or nothing.
 */
export class StagedCallImport {
  private readonly rows: CallRows;

  private constructor(
    private readonly connection: Knex,
    private readonly staging: Knex.Transaction,
    private readonly bulkInsert: BulkInsert,
    private readonly isDryRun: boolean,
  ) {
    const areas = isDryRun ? undefined : new AreaIds(db);
    this.rows = new CallRows({ before: 0, areas, getBulkInsert: () => bulkInsert });
  }

  /** A dry run counts what would be added, and leaves everything as it is. */
  static async open({
    isDryRun = false,
  }: { isDryRun?: boolean | undefined } = {}): Promise<StagedCallImport> {
    const connection = openSingleConnection();
    await createStagingTable(connection);
    // Within a transaction the connection stays ours; as long as only the temporary table is used, it locks nothing.
    const staging = await connection.transaction();
    const sink = await openBulkInsert(staging, 'staged_calls', CALL_COLUMNS);
    return new StagedCallImport(connection, staging, sink, isDryRun);
  }

  /** Takes a call; a promise only where one has to wait before the next. */
  add(call: NewCall): Promise<void> | undefined {
    return this.rows.add(call);
  }

  /** Brings the calls in that are not there yet, with their batch and their sums, in one transaction. */
  async merge(batch: NewBatch): Promise<MergeResult> {
    await this.rows.flush();
    await this.bulkInsert.end();
    await removeRepeatedCalls(this.staging);
    const records = this.rows.count;
    if (this.isDryRun) return previewMerge(this.staging, records);
    const months = await sumStagedCalls(this.staging);
    await commitTransaction(this.staging);
    await ensureCallPartitions(months.map(({ billing_month }) => billing_month));
    return this.connection.transaction(async (trx) => {
      await lockCalls(trx);
      return mergeNewCalls(trx, batch, records);
    });
  }

  async close(): Promise<void> {
    await this.bulkInsert.end().catch(() => undefined);
    if (!this.staging.isCompleted()) await this.staging.rollback();
    await this.connection.destroy();
  }
}

import type { Knex } from 'knex';
import { openBulkInsert } from '../../lib/database/bulk-insert';
import type { BulkInsert } from '../../lib/database/bulk-rows';
import { commitTransaction, db, openSingleConnection } from '../../lib/database/db';
import { lockCalls } from './call-sums';
import { AreaIds, CallRows } from './fast-import';
import { type MergeResult, mergeNewCalls, type NewBatch, previewMerge } from './merge';
import { CALL_COLUMNS, type NewCall } from './new-call';
import { ensureCallPartitions } from './partition';
import { createStagingTable, removeRepeatedCalls, sumStagedCalls } from './staging-table';

/**
 * Collects the calls of one file in a temporary table of a connection of its own, to leave out those that are known.
 * The portal's tables are neither locked nor changed before `merge`, which adds all or nothing.
 */
export class StagedCallImport {
  private readonly rows: CallRows;

  private constructor(
    private readonly connection: Knex,
    private readonly staging: Knex.Transaction,
    private readonly bulkInsert: BulkInsert,
    private readonly isDryRun: boolean,
  ) {
    this.rows = new CallRows(0, isDryRun ? undefined : new AreaIds(db));
  }

  /** A dry run counts what would be added, and changes nothing. */
  static async open({
    isDryRun = false,
  }: { isDryRun?: boolean | undefined } = {}): Promise<StagedCallImport> {
    const connection = openSingleConnection();
    await createStagingTable(connection);
    // The transaction keeps the connection ours; it locks nothing while only the temporary table is used.
    const staging = await connection.transaction();
    const bulkInsert = await openBulkInsert(staging, 'staged_calls', CALL_COLUMNS);
    return new StagedCallImport(connection, staging, bulkInsert, isDryRun);
  }

  /** Adds the calls of a block. */
  async addAll(calls: readonly NewCall[]): Promise<void> {
    await this.bulkInsert.addAll(await this.rows.build(calls));
  }

  /** Adds the calls that are not there yet, with their batch and their sums, in one transaction. */
  async merge(batch: NewBatch): Promise<MergeResult> {
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

import type { Knex } from 'knex';
import { openBulkInsert } from '../../lib/database/bulk-insert';
import type { BulkInsert } from '../../lib/database/bulk-rows';
import { commitTransaction, db, openSingleConnection } from '../../lib/database/db';
import { AreaIds, CallRows, OLD_SOURCE_COLUMN, STAGED_COLUMNS } from './call-rows';
import { lockCalls } from './call-sums';
import { type MergeOptions, type MergeResult, mergeNewCalls, type NewBatch, previewMerge } from './merge';
import type { NewCall } from './new-call';
import { ensureCallPartitions } from './partition';
import { createStagingTables, findLastOldBatch, stageKeys, sumStagedCalls } from './staging-table';

export interface CallImportOptions {
  /** Counts what would be added, and changes nothing. */
  isDryRun?: boolean | undefined;
  /** Known calls whose records say something else are replaced by the file's; they are kept by default. */
  isReplacing?: boolean | undefined;
}

/**
 * Brings the calls of one file in. They are collected in a temporary table of a connection of its own: the portal's
 * tables are neither locked nor changed before `merge`, which adds all that are not there yet, or nothing.
 */
export class CallImport {
  private readonly rows: CallRows;

  private constructor(
    private readonly connection: Knex,
    private readonly staging: Knex.Transaction,
    private readonly bulkInsert: BulkInsert,
    /** The last batch of version 0.1.0: while there is one, calls need their identity of that version too. */
    readonly lastOldBatch: number | undefined,
    private readonly options: CallImportOptions,
  ) {
    const areas = options.isDryRun ? undefined : new AreaIds(db);
    this.rows = new CallRows(areas, lastOldBatch !== undefined);
  }

  static async open(options: CallImportOptions = {}): Promise<CallImport> {
    const lastOldBatch = await findLastOldBatch(db);
    const columns = lastOldBatch === undefined ? STAGED_COLUMNS : [...STAGED_COLUMNS, OLD_SOURCE_COLUMN];
    const connection = openSingleConnection();
    await createStagingTables(connection, columns);
    // The transaction keeps the connection ours; it locks nothing while only the temporary tables are used.
    const staging = await connection.transaction();
    const bulkInsert = await openBulkInsert(staging, 'staged_calls', columns);
    return new CallImport(connection, staging, bulkInsert, lastOldBatch, options);
  }

  /** Adds the calls of a block, some hundred at a time: so few that their rows die in V8's young generation. */
  async addAll(calls: readonly NewCall[]): Promise<void> {
    if (calls.length > 0) await this.bulkInsert.addAll(await this.rows.build(calls));
  }

  /** Adds the calls that are not there yet, with their batch and their sums, in one transaction. */
  async merge(batch: NewBatch): Promise<MergeResult> {
    await this.bulkInsert.end();
    const { isReplacing = false, isDryRun } = this.options;
    await stageKeys(this.staging, { isLastKept: isReplacing });
    const { lastOldBatch } = this;
    const options: MergeOptions = { staged: this.rows.count, lastOldBatch, isReplacing };
    if (isDryRun) return previewMerge(this.staging, options);
    const months = await sumStagedCalls(this.staging);
    await commitTransaction(this.staging);
    await ensureCallPartitions(months.map(({ billing_month }) => billing_month));
    return this.connection.transaction(async (trx) => {
      await lockCalls(trx);
      return mergeNewCalls(trx, batch, options);
    });
  }

  async close(): Promise<void> {
    await this.bulkInsert.end().catch(() => undefined);
    if (!this.staging.isCompleted()) await this.staging.rollback();
    await this.connection.destroy();
  }
}

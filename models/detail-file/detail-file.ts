import { config } from '../../config';
import { db, type Queryable, queryRows } from '../../lib/database/db';
import { now } from '../../lib/values/clock';
import type { BillingMonth } from '../billing/month';
import { OUTGOING } from '../call/new-call';

export const DETAIL_FILE_KINDS = ['fees', 'calls'] as const;
/** `fees`: 電話番号別ご利用料金, `calls`: 通話明細 */
export type DetailFileKind = (typeof DETAIL_FILE_KINDS)[number];
export const DETAIL_FILE_FORMATS = ['csv', 'utf8', 'csv-zip', 'utf8-zip'] as const;
export type DetailFileFormat = (typeof DETAIL_FILE_FORMATS)[number];
/** Tells the page what the customer can do; the log has the error. */
export type DetailFileFailure = 'too_large_amount' | 'disk_full' | 'unavailable' | 'unknown';

/** A request and the file that it leads to. Times are milliseconds, amounts 1/100 yen. */
export interface DetailFile {
  id: number;
  contract_id: number;
  billing_month: BillingMonth;
  kind: DetailFileKind;
  state: 'queued' | 'building' | 'ready' | 'failed';
  /** At most one file of a contract, month and kind is current; the others are history. */
  current: boolean;
  /** A file of so many calls that small files must not wait for it. */
  is_large: boolean;
  /** The random id of the run that builds it, or has built it. */
  lease: string | null;
  requested_at: number;
  started_at: number | null;
  finished_at: number | null;
  removed_at: number | null;
  data_version: number | null;
  rows: number | null;
  replaced_characters: number | null;
  rounded_amounts: number | null;
  rounded_difference: number | null;
  failure: DetailFileFailure | null;
}

/** A row of the table `detail_files`, with the columns' own names and words. SQLite gives 0 or 1 for booleans. */
export type DetailFileRow = Omit<DetailFile, 'state' | 'current' | 'is_large' | 'lease'> & {
  state: 'queued' | 'making' | 'ready' | 'failed';
  live: boolean | number;
  large: boolean | number;
  claim: string | null;
};

const COLUMNS: Record<string, string> = { current: 'live', is_large: 'large', lease: 'claim' };

/** The only translations between `DetailFile` and the table's names. */
export const toDetailFileRow = (values: Partial<DetailFile>): Partial<DetailFileRow> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      COLUMNS[name] ?? name,
      name === 'state' && value === 'building' ? 'making' : value,
    ]),
  );

export const fromDetailFileRow = ({ state, live, large, claim, ...row }: DetailFileRow): DetailFile => ({
  ...row,
  state: state === 'making' ? 'building' : state,
  current: Boolean(live),
  is_large: Boolean(large),
  lease: claim,
});

/** Rows with these values, for queries and updates. */
export const selectDetailFiles = (values: Partial<DetailFile> = {}, on: Queryable = db) =>
  on<DetailFileRow>('detail_files').where(toDetailFileRow(values));

/** Current rows that no run has finished. */
export const selectUnfinishedFiles = (values: Partial<DetailFile> = {}) =>
  selectDetailFiles({ ...values, current: true }).whereIn('state', ['queued', 'making']);

/** A row of the table `detail_file_parts`. */
export interface DetailFilePart {
  format: DetailFileFormat;
  store_key: string;
  bytes: number;
  /** Hexadecimal digits. */
  sha256: string;
}

/**
 * The status that a page shows: nothing requested yet (`none`), a request in one of its states, a file whose month has
 * changed since (`stale`), or one that is kept no longer (`expired`).
 */
export type DetailFileStatus = 'none' | DetailFileRow['state'] | 'stale' | 'expired';

const HOUR_MS = 3_600_000;

/** When a ready file ceases to be kept, in milliseconds. */
export const expiresAt = (file: DetailFile): number =>
  (file.finished_at ?? 0) + config.DETAIL_FILE_RETENTION_HOURS * HOUR_MS;

/** Files that were finished before this time have expired. */
export const expiryCutoff = (): number => now() - config.DETAIL_FILE_RETENTION_HOURS * HOUR_MS;

/** The status of a row `f` whose month's calls have the version `v`. A file in history has been ready once. */
const FILE_STATUS = `
  CASE WHEN NOT f.live THEN 'expired'
    WHEN f.state <> 'ready' THEN f.state
    WHEN f.finished_at <= :oldestKept THEN 'expired'
    WHEN COALESCE(f.data_version, 0) < COALESCE(v.version, 0) THEN 'stale'
    ELSE 'ready' END`;

/** The current row `f`, or else the newest file in history. */
const NEWEST_FILE = `(f.live OR f.state = 'ready') ORDER BY f.live DESC, f.id DESC LIMIT 1`;

/** Selects the status of a contract's file of `month`, within a query that joins the month's versions as `v`. */
export const buildFileStatusQuery = (kind: DetailFileKind): string => `
  SELECT ${FILE_STATUS} FROM detail_files f
  WHERE f.contract_id = :contractId AND f.billing_month = month AND f.kind = '${kind}' AND ${NEWEST_FILE}`;

const FILE_OF_MONTH = `
  SELECT f.*, ${FILE_STATUS} AS status FROM detail_files f
  LEFT JOIN contract_months v ON v.contract_id = f.contract_id AND v.billing_month = f.billing_month
  WHERE f.contract_id = :contractId AND f.billing_month = :month AND f.kind = :kind AND ${NEWEST_FILE}`;

/** A customer's file and its status; the file is missing if the status is `none`. */
export async function findDetailFile(
  contractId: number,
  month: BillingMonth,
  kind: DetailFileKind,
): Promise<{ status: DetailFileStatus; file?: DetailFile }> {
  const bindings = { contractId, month, kind, oldestKept: expiryCutoff() };
  const [found] = await queryRows<DetailFileRow & { status: DetailFileStatus }>(db, FILE_OF_MONTH, bindings);
  if (!found) return { status: 'none' };
  const { status, ...row } = found;
  return { status, file: fromDetailFileRow(row) };
}

/** A current file by its id, for a worker. */
export async function findCurrentDetailFile(id: number): Promise<DetailFile | undefined> {
  const row = await selectDetailFiles({ id, current: true }).first();
  return row && fromDetailFileRow(row);
}

/** Counts the files that are built before this one; large ones are built beside the others. */
export async function countRequestsAhead({ id, is_large }: DetailFile): Promise<number> {
  const row = await selectUnfinishedFiles({ is_large }).where('id', '<', id).count({ count: '*' }).first();
  return Number(row?.count ?? 0);
}

export async function isLargeDetailFile(id: number): Promise<boolean> {
  const row = await selectDetailFiles({ id }).first('large');
  return Boolean(row?.large);
}

/** The downloads of a ready file: `csv` and `utf8`, and in the end their ZIPs. */
export const listDetailFileParts = (file: Pick<DetailFile, 'id'>): Promise<DetailFilePart[]> =>
  db<DetailFilePart & { detail_file_id: number }>('detail_file_parts')
    .where('detail_file_id', file.id)
    .select('format', 'store_key', 'bytes', 'sha256');

type DetailFileKey = Pick<DetailFile, 'contract_id' | 'billing_month' | 'kind'>;

/**
 * Returns the current file of a request: a new row, or the one that is there, unless that has failed, has expired or
 * shows calls that have changed since. Two requests at once get the same row. A worker learns of it from
 * `requestDetailFile`, which routes use.
 */
export async function insertDetailFile(
  contract_id: number,
  billing_month: BillingMonth,
  kind: DetailFileKind,
): Promise<DetailFile> {
  const key = { contract_id, billing_month, kind };
  const row = await db.transaction(async (trx) => {
    await retireOutdated(trx, key);
    const is_large = await isLarge(trx, key);
    await trx('detail_files')
      .insert(toDetailFileRow({ ...key, state: 'queued', current: true, is_large, requested_at: now() }))
      .onConflict(trx.raw('(contract_id, billing_month, kind) WHERE live') as never)
      .ignore();
    return selectDetailFiles({ ...key, current: true }, trx).first();
  });
  if (!row) throw new Error('a detail file was removed while it was asked for');
  return fromDetailFileRow(row);
}

async function retireOutdated(on: Queryable, key: DetailFileKey): Promise<void> {
  const { contract_id, billing_month } = key;
  const version = on('contract_months').where({ contract_id, billing_month }).select('version');
  await selectDetailFiles({ ...key, current: true }, on)
    .where((outdated) =>
      outdated
        .where('state', 'failed')
        .orWhere((ready) => ready.where('state', 'ready').where('finished_at', '<=', expiryCutoff()))
        .orWhere((ready) => ready.where('state', 'ready').where('data_version', '<', version)),
    )
    .update(toDetailFileRow({ current: false }));
}

/** Takes about a second to build. */
const MAX_SMALL_CALLS = 200_000;

async function isLarge(on: Queryable, { contract_id, billing_month, kind }: DetailFileKey): Promise<boolean> {
  if (kind !== 'calls') return false;
  const sums = on('contract_sums').where({ contract_id, billing_month, direction: OUTGOING });
  const { calls } = await sums.sum({ calls: 'calls' }).first<{ calls: number | null }>();
  return (calls ?? 0) > MAX_SMALL_CALLS;
}

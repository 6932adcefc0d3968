import { config } from '../../config';
import { now } from '../../lib/values/clock';
import { db, queryRows } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';

export const DETAIL_FILE_KINDS = ['fees', 'calls'] as const;
/** `fees`: 電話番号別ご利用料金, `calls`: 通話明細 */
export type DetailFileKind = (typeof DETAIL_FILE_KINDS)[number];
export const DETAIL_FILE_FORMATS = ['csv', 'utf8', 'csv-zip', 'utf8-zip'] as const;
export type DetailFileFormat = (typeof DETAIL_FILE_FORMATS)[number];
/** A word for the page that says what the customer can do; the log has the error. */
export type DetailFileFailure = 'too_large_amount' | 'disk_full' | 'unavailable' | 'unknown';

/** A row of the table `detail_files`. Times are milliseconds, amounts 1/100 yen. */
export interface DetailFile {
  id: number;
  contract_id: number;
  billing_month: BillingMonth;
  kind: DetailFileKind;
  state: 'queued' | 'making' | 'ready' | 'failed';
  /** At most one row of a contract, month and kind is. SQLite gives 0 or 1. */
  live: boolean | number;
  /** Of so many calls that small files must not wait for it. SQLite gives 0 or 1. */
  large: boolean | number;
  claim: string | null;
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

/** A row of the table `detail_file_parts`. */
export interface DetailFilePart {
  format: DetailFileFormat;
  store_key: string;
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
}

/**
 * What a customer has: nothing yet (`none`), a request in one of its states, a file whose month has changed since
 * (`stale`), or one whose time has run out (`expired`).
 */
export type DetailFileStatus = 'none' | DetailFile['state'] | 'stale' | 'expired';

const HOUR_MS = 3_600_000;

/** Until when a ready file is kept, in milliseconds. */
export const expiresAt = (file: DetailFile): number =>
  (file.finished_at ?? 0) + config.FILE_KEEP_HOURS * HOUR_MS;

/** Files that were made before this time are past theirs. */
export const expiryCutoff = (): number => now() - config.FILE_KEEP_HOURS * HOUR_MS;

/** The status of a row `f` whose month's calls have the version `v`; of a row that is not live, it once was ready. */
export const FILE_STATUS = `
  CASE WHEN NOT f.live THEN 'expired'
    WHEN f.state <> 'ready' THEN f.state
    WHEN f.finished_at <= :oldestKept THEN 'expired'
    WHEN COALESCE(f.data_version, 0) < COALESCE(v.version, 0) THEN 'stale'
    ELSE 'ready' END`;

const FILE_OF_MONTH = `
  SELECT f.*, ${FILE_STATUS} AS status FROM detail_files f
  LEFT JOIN contract_months v ON v.contract_id = f.contract_id AND v.billing_month = f.billing_month
  WHERE f.contract_id = :contractId AND f.billing_month = :month AND f.kind = :kind
    AND (f.live OR f.state = 'ready')
  ORDER BY f.live DESC, f.id DESC LIMIT 1`;

/** A customer's file and its status; there is no file where the status is `none`. */
export async function findDetailFile(
  contractId: number,
  month: BillingMonth,
  kind: DetailFileKind,
): Promise<{ status: DetailFileStatus; file?: DetailFile }> {
  const [row] = await queryRows<DetailFile & { status: DetailFileStatus }>(db, FILE_OF_MONTH, {
    contractId,
    month,
    kind,
    oldestKept: expiryCutoff(),
  });
  if (!row) return { status: 'none' };
  const { status, ...file } = row;
  return { status, file };
}

/** How many files are made before this one: large ones are made beside the others. */
export async function countRequestsAhead(file: DetailFile): Promise<number> {
  const row = await db('detail_files')
    .whereIn('state', ['queued', 'making'])
    .where({ live: true, large: Boolean(file.large) })
    .where('id', '<', file.id)
    .count({ count: '*' })
    .first();
  return Number(row?.count ?? 0);
}

/** Whether a file is a large one, by its id. */
export async function isLargeDetailFile(id: number): Promise<boolean> {
  const file = await db<DetailFile>('detail_files').where({ id }).first('large');
  return Boolean(file?.large);
}

/** The downloads of a ready file: `csv` and `utf8`, and in the end their ZIPs. */
export const listDetailFileParts = (file: Pick<DetailFile, 'id'>): Promise<DetailFilePart[]> =>
  db<DetailFilePart & { detail_file_id: number }>('detail_file_parts')
    .where('detail_file_id', file.id)
    .select('format', 'store_key', 'bytes', 'sha256');

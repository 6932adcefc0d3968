import { config } from '../config';
import { now } from './clock';
import { db, rawRows } from './db';
import type { BillingMonth } from './month';

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

/** Of a live row; without one, of what is left in the history. */
interface StatusRow extends DetailFile {
  version: number | null;
}

const HOUR_MS = 3_600_000;

/** Until when a ready file is kept, in milliseconds. */
export const keptUntil = (file: DetailFile): number =>
  (file.finished_at ?? 0) + config.FILE_KEEP_HOURS * HOUR_MS;

/** Files that were made before this time are past theirs. */
export const oldestKept = (): number => now() - config.FILE_KEEP_HOURS * HOUR_MS;

function statusOf(row: StatusRow | undefined): DetailFileStatus {
  if (!row) return 'none';
  if (!row.live) return 'expired';
  if (row.state !== 'ready') return row.state;
  if (keptUntil(row) <= now()) return 'expired';
  return (row.data_version ?? 0) < (row.version ?? 0) ? 'stale' : 'ready';
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Live rows and files that once were ready, the live one first, with the version of their months' calls. */
function statusRows(
  contractId: number,
  months: readonly BillingMonth[],
  kinds: readonly DetailFileKind[],
): Promise<StatusRow[]> {
  if (months.length === 0) return Promise.resolve([]);
  const sql = `
    SELECT f.*, m.version FROM detail_files f
    LEFT JOIN contract_months m ON m.contract_id = f.contract_id AND m.billing_month = f.billing_month
    WHERE f.contract_id = ? AND f.billing_month IN (${marks(months)}) AND f.kind IN (${marks(kinds)})
      AND (f.live OR f.state = 'ready')
    ORDER BY f.live DESC, f.id DESC`;
  return rawRows<StatusRow>(db, sql, [contractId, ...months, ...kinds]);
}

/** A customer's file and its status; there is no file where the status is `none`. */
export async function findDetailFile(
  contractId: number,
  month: BillingMonth,
  kind: DetailFileKind,
): Promise<{ status: DetailFileStatus; file?: DetailFile }> {
  const [file] = await statusRows(contractId, [month], [kind]);
  return { status: statusOf(file), ...(file && { file }) };
}

/** The statuses of many months, by `201711-fees` and `201711-calls`. */
export async function detailFileStatuses(
  contractId: number,
  months: readonly BillingMonth[],
): Promise<Map<string, DetailFileStatus>> {
  const keys = months.flatMap((month) => DETAIL_FILE_KINDS.map((kind) => `${month}-${kind}`));
  const statuses = new Map<string, DetailFileStatus>(keys.map((key) => [key, 'none']));
  const rows = await statusRows(contractId, months, DETAIL_FILE_KINDS);
  // The live row, which comes first, is set last.
  for (const row of rows.reverse()) statuses.set(`${row.billing_month}-${row.kind}`, statusOf(row));
  return statuses;
}

/** How many files are made before this one: large ones are made beside the others. */
export async function requestsAhead(file: DetailFile): Promise<number> {
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

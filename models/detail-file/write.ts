import { encodeCp932 } from '../../lib/values/cp932';
import { queryRows, type Queryable } from '../../lib/database/db';
import type { DetailFileFormat, DetailFilePart } from './detail-file';
import { fileStore } from '../../lib/files/file-store';
import type { StoredFile, StoreWriter } from '../../lib/files/store';
import { buildCallsContent } from './content/calls';
import { buildFeesContent } from './content/fees';
import type { FileContent, Lines } from './content/lines';
import type { LeasedDetailFile, DetailFileTotals } from './run';
import { withSnapshot } from './snapshot';
import { buildStoreKey } from './store-key';

const BYTE_ORDER_MARK = '\uFEFF';

export interface WrittenDetailFile {
  totals: DetailFileTotals;
  parts: DetailFilePart[];
}

/** Called with the rows that have been written, of so many. */
export type Progress = (done: number, total: number) => void;

/**
 * Writes a file in both encodings, of one moment of the database. Where it fails or is aborted, nothing stays in the
 * store.
 *
 * @throws UnwritableLineError, and whatever the database and the store throw.
 */
export async function writeDetailFile(
  file: LeasedDetailFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<WrittenDetailFile> {
  const writers: StoreWriter[] = [];
  const createWriter = async (format: DetailFileFormat) => {
    const writer = await fileStore.create(buildStoreKey(file.id, file.claim, format));
    writers.push(writer);
    return writer;
  };
  try {
    const csv = await createWriter('csv');
    const utf8 = await createWriter('utf8');
    const made = await withSnapshot((snapshot) =>
      writeLines(snapshot, file, { csv, utf8 }, progress, signal),
    );
    const stored = await Promise.all([csv.finish(), utf8.finish()]);
    return { totals: made, parts: [toDetailFilePart('csv', stored[0]), toDetailFilePart('utf8', stored[1])] };
  } catch (error) {
    await Promise.all(writers.map((writer) => writer.discard()));
    throw error;
  }
}

export const toDetailFilePart = (
  format: DetailFileFormat,
  { key, ...stored }: StoredFile,
): DetailFilePart => ({
  format,
  store_key: key,
  ...stored,
});

async function writeLines(
  snapshot: Queryable,
  file: LeasedDetailFile,
  { csv, utf8 }: { csv: StoreWriter; utf8: StoreWriter },
  progress: Progress,
  signal: AbortSignal,
): Promise<DetailFileTotals> {
  const data_version = await readVersion(snapshot, file);
  const content = await buildContent(snapshot, file);
  await csv.write(encodeCp932(content.header));
  await utf8.write(Buffer.from(BYTE_ORDER_MARK + content.header));
  const made = { data_version, rows: 0, replaced_characters: 0, rounded_amounts: 0, rounded_difference: 0 };
  let writing: Promise<unknown> = Promise.resolve();
  for await (const lines of content.lines) {
    signal.throwIfAborted();
    await writing;
    // The next lines are made while these are written.
    writing = Promise.all([csv.write(lines.cp932), utf8.write(lines.utf8)]);
    writing.catch(() => undefined);
    addLines(made, lines);
    progress(made.rows, content.rows);
  }
  await writing;
  if (made.rows !== content.rows)
    throw new Error(`${made.rows} lines were written, but by the sums there are ${content.rows}`);
  return made;
}

function addLines(made: DetailFileTotals, lines: Lines): void {
  made.rows += lines.rows;
  made.replaced_characters += lines.replacedCharacters;
  made.rounded_amounts += lines.roundedAmounts;
  made.rounded_difference += lines.roundedDifference;
}

function buildContent(snapshot: Queryable, file: LeasedDetailFile): Promise<FileContent> {
  const content = file.kind === 'calls' ? buildCallsContent : buildFeesContent;
  return content(snapshot, file.contract_id, file.billing_month);
}

async function readVersion(snapshot: Queryable, file: LeasedDetailFile): Promise<number> {
  const [row] = await queryRows<{ version: number }>(
    snapshot,
    'SELECT version FROM contract_months WHERE contract_id = ? AND billing_month = ?',
    [file.contract_id, file.billing_month],
  );
  return row?.version ?? 0;
}

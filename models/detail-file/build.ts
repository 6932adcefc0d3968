import { isPostgres, openSingleConnection, type Queryable } from '../../lib/database/db';
import { fileStore } from '../../lib/files/file-store';
import type { StoreWriter } from '../../lib/files/store';
import { encodeCp932 } from '../../lib/values/cp932';
import { getMonthVersion } from '../billing/month-version';
import {
  buildStoreKey,
  finishDetailFile,
  leaseDetailFile,
  type LeasedDetailFile,
  releaseDetailFile,
  toDetailFilePart,
  type WrittenDetailFile,
} from './claim';
import { buildCallsContent } from './content/calls';
import { buildFeesContent } from './content/fees';
import { addToTally, createTally, type FileContent } from './content/line-writer';
import { DETAIL_FILE_FORMATS, type DetailFileFormat, findCurrentDetailFile } from './detail-file';
import { zipDetailFile } from './zip';

/** Reports the rows that have been written, of so many. */
export type Progress = (done: number, total: number) => void;

/**
 * Builds a file, then its ZIPs. It is safe to run twice: what is there already is left alone, and of two runs at once
 * only the one that leased the row last can finish it.
 *
 * @throws UnwritableLineError, whatever the database and the store throw, and the reason of an aborted `signal`.
 */
export async function buildDetailFile(id: number, progress: Progress, signal: AbortSignal): Promise<void> {
  const leased = await leaseDetailFile(id);
  if (leased) await buildLeasedFile(leased, progress, signal);
  const file = await findCurrentDetailFile(id);
  if (file?.state === 'ready') await zipDetailFile(file, signal);
}

async function buildLeasedFile(
  file: LeasedDetailFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  try {
    await removePreviousRun(file);
    const written = await writeDetailFile(file, progress, signal);
    if (await finishDetailFile(file, written)) return;
    for (const { store_key } of written.parts) await fileStore.remove(store_key);
  } catch (error) {
    // If even that fails, the next run leases the row as it is.
    const isMine = await releaseDetailFile(file).catch(() => true);
    // If another run took over, it deletes our partial output; nothing is left to do.
    if (isMine) throw error;
  }
}

/** Deletes the partial output of a killed run, which stands under keys that nobody will ask for. */
async function removePreviousRun({ id, previous_lease }: LeasedDetailFile): Promise<void> {
  if (previous_lease === undefined) return;
  for (const format of DETAIL_FILE_FORMATS) await fileStore.remove(buildStoreKey(id, previous_lease, format));
}

type Writers = Record<'csv' | 'utf8', StoreWriter>;

/** Writes a file in both encodings from one snapshot. If it fails or is aborted, nothing stays in the store. */
export async function writeDetailFile(
  file: LeasedDetailFile,
  progress: Progress,
  signal: AbortSignal,
): Promise<WrittenDetailFile> {
  const created: StoreWriter[] = [];
  const createWriter = async (format: DetailFileFormat) => {
    const writer = await fileStore.create(buildStoreKey(file.id, file.lease, format));
    created.push(writer);
    return writer;
  };
  try {
    const writers = { csv: await createWriter('csv'), utf8: await createWriter('utf8') };
    const totals = await withSnapshot((snapshot) => writeLines(snapshot, file, writers, progress, signal));
    const [csv, utf8] = await Promise.all([writers.csv.finish(), writers.utf8.finish()]);
    return { totals, parts: [toDetailFilePart('csv', csv), toDetailFilePart('utf8', utf8)] };
  } catch (error) {
    await Promise.all(created.map((writer) => writer.discard()));
    throw error;
  }
}

/** Shows one moment of the database, whatever is imported meanwhile, on a connection of its own. */
export async function withSnapshot<Result>(work: (snapshot: Queryable) => Promise<Result>): Promise<Result> {
  const connection = openSingleConnection();
  try {
    if (!isPostgres) await limitPageCache(connection);
    // A transaction of SQLite sees the moment of its first read.
    return await connection.transaction(work, isPostgres ? { isolationLevel: 'repeatable read' } : {});
  } finally {
    await connection.destroy();
  }
}

/** Saves memory: a file reads the calls once from end to end, so that cached pages are not read again. */
async function limitPageCache(connection: Queryable): Promise<void> {
  await connection.raw('PRAGMA cache_size = -1000');
  await connection.raw('PRAGMA temp_store = MEMORY');
}

const BYTE_ORDER_MARK = '\uFEFF';

async function writeLines(
  snapshot: Queryable,
  file: LeasedDetailFile,
  { csv, utf8 }: Writers,
  progress: Progress,
  signal: AbortSignal,
): Promise<WrittenDetailFile['totals']> {
  const data_version = await getMonthVersion(file.contract_id, file.billing_month, snapshot);
  const content = await buildContent(snapshot, file);
  await csv.write(encodeCp932(content.header));
  await utf8.write(Buffer.from(BYTE_ORDER_MARK + content.header));
  const tally = createTally();
  let writing: Promise<unknown> = Promise.resolve();
  for await (const lines of content.lines) {
    signal.throwIfAborted();
    await writing;
    // The next lines are composed while these are written.
    writing = Promise.all([csv.write(lines.cp932), utf8.write(lines.utf8)]);
    writing.catch(() => undefined);
    addToTally(tally, lines);
    progress(tally.rows, content.rows);
  }
  await writing;
  if (tally.rows !== content.rows)
    throw new Error(`${tally.rows} lines were written, but by the sums there are ${content.rows}`);
  return { ...tally, data_version };
}

function buildContent(snapshot: Queryable, file: LeasedDetailFile): Promise<FileContent> {
  const content = file.kind === 'calls' ? buildCallsContent : buildFeesContent;
  return content(snapshot, file.contract_id, file.billing_month);
}

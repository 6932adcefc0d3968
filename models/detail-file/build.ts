import { DETAIL_FILE_FORMATS, type DetailFile, listDetailFileParts } from './detail-file';
import { getContractCode, buildDetailFileNames } from './download-name';
import {
  addDetailFilePart,
  leaseDetailFile,
  type LeasedDetailFile,
  findCurrentDetailFile,
  finishDetailFile,
  releaseDetailFile,
} from './run';
import { buildStoreKey } from './store-key';
import { type Progress, writeDetailFile } from './write';
import { zipDetailFilePart } from './zip';
import { fileStore } from '../../lib/files/file-store';

/**
 * Makes a file, then the ZIPs of it. Safe to run twice: what is there already is left alone, and of two runs at once
 * only the one that claimed the row last can finish it.
 */
export async function buildDetailFile(id: number, progress: Progress, signal: AbortSignal): Promise<void> {
  const claimed = await leaseDetailFile(id);
  if (claimed) await buildParts(claimed, progress, signal);
  const file = await findCurrentDetailFile(id);
  if (file?.state === 'ready') await zipParts(file, signal);
}

async function buildParts(file: LeasedDetailFile, progress: Progress, signal: AbortSignal): Promise<void> {
  try {
    await removePreviousRun(file);
    const { totals, parts } = await writeDetailFile(file, progress, signal);
    if (await finishDetailFile(file, totals, parts)) return;
    for (const { store_key } of parts) await fileStore.remove(store_key);
  } catch (error) {
    // Where even that fails, the next run claims the row as it is.
    const isMine = await releaseDetailFile(file).catch(() => true);
    // Another run that has taken the file removes what this one has written, also under its hands.
    if (isMine) throw error;
  }
}

/** A run that was killed has left what it had written, under keys that nobody will ask for. */
async function removePreviousRun({ id, previous_lease }: LeasedDetailFile): Promise<void> {
  if (previous_lease === undefined) return;
  for (const format of DETAIL_FILE_FORMATS) await fileStore.remove(buildStoreKey(id, previous_lease, format));
}

async function zipParts(file: DetailFile, signal: AbortSignal): Promise<void> {
  const parts = await listDetailFileParts(file);
  const code = await getContractCode(file);
  for (const part of parts.filter(({ format }) => format === 'csv' || format === 'utf8')) {
    if (parts.some(({ format }) => format === `${part.format}-zip`)) continue;
    const zip = await zipDetailFilePart(
      file,
      part,
      buildDetailFileNames(file, code, part.format).ascii,
      signal,
    );
    if (!(await addDetailFilePart(file, zip))) await fileStore.remove(zip.store_key);
  }
}

import { DETAIL_FILE_FORMATS, type DetailFile, listDetailFileParts } from './detail-file';
import { contractCodeOf, detailFileNames } from './download-name';
import {
  addDetailFilePart,
  claimDetailFile,
  type ClaimedDetailFile,
  findLiveDetailFile,
  finishDetailFile,
  releaseDetailFile,
} from './run';
import { storeKeyOf } from './store-key';
import { type Progress, writeDetailFile } from './write';
import { zipDetailFilePart } from './zip';
import { fileStore } from '../../lib/files/file-store';

/**
 * Makes a file, then the ZIPs of it. Safe to run twice: what is there already is left alone, and of two runs at once
 * only the one that claimed the row last can finish it.
 */
export async function buildDetailFile(id: number, progress: Progress, signal: AbortSignal): Promise<void> {
  const claimed = await claimDetailFile(id);
  if (claimed) await makeParts(claimed, progress, signal);
  const file = await findLiveDetailFile(id);
  if (file?.state === 'ready') await zipParts(file, signal);
}

async function makeParts(file: ClaimedDetailFile, progress: Progress, signal: AbortSignal): Promise<void> {
  try {
    await removeFormerRun(file);
    const { made, parts } = await writeDetailFile(file, progress, signal);
    if (await finishDetailFile(file, made, parts)) return;
    for (const { store_key } of parts) await fileStore.remove(store_key);
  } catch (error) {
    // Where even that fails, the next run claims the row as it is.
    const isMine = await releaseDetailFile(file).catch(() => true);
    // Another run that has taken the file removes what this one has written, also under its hands.
    if (isMine) throw error;
  }
}

/** A run that was killed has left what it had written, under keys that nobody will ask for. */
async function removeFormerRun({ id, former_claim }: ClaimedDetailFile): Promise<void> {
  if (former_claim === undefined) return;
  for (const format of DETAIL_FILE_FORMATS) await fileStore.remove(storeKeyOf(id, former_claim, format));
}

async function zipParts(file: DetailFile, signal: AbortSignal): Promise<void> {
  const parts = await listDetailFileParts(file);
  const code = await contractCodeOf(file);
  for (const part of parts.filter(({ format }) => format === 'csv' || format === 'utf8')) {
    if (parts.some(({ format }) => format === `${part.format}-zip`)) continue;
    const zip = await zipDetailFilePart(file, part, detailFileNames(file, code, part.format).ascii, signal);
    if (!(await addDetailFilePart(file, zip))) await fileStore.remove(zip.store_key);
  }
}

import { ZipFile } from 'yazl';
import { fileStore } from '../../lib/files/file-store';
import type { StoreWriter } from '../../lib/files/store';
import { JST_TENTHS } from '../../lib/values/jst';
import { addDetailFilePart, buildStoreKey, toDetailFilePart } from './claim';
import {
  type DetailFile,
  type DetailFileFormat,
  type DetailFilePart,
  listDetailFileParts,
} from './detail-file';
import { buildDetailFileNames, getContractCode } from './download-name';

/** Higher levels save little on CSV, but take twice the time. */
const COMPRESSION_LEVEL = 1;

/** Adds the ZIPs that a ready file does not have yet. */
export async function zipDetailFile(file: DetailFile, signal: AbortSignal): Promise<void> {
  const parts = await listDetailFileParts(file);
  const code = await getContractCode(file);
  for (const part of parts.filter(({ format }) => format === 'csv' || format === 'utf8')) {
    if (parts.some(({ format }) => format === `${part.format}-zip`)) continue;
    const name = buildDetailFileNames(file, code, part.format).ascii;
    const zip = await zipPart(file, part, name, signal);
    if (!(await addDetailFilePart(file, zip))) await fileStore.remove(zip.store_key);
  }
}

/**
 * Packs a part of a ready file under this name and takes it into the store. The same part gives the same bytes and the
 * same key, so that two runs may do it at once.
 */
async function zipPart(
  file: DetailFile,
  part: DetailFilePart,
  name: string,
  signal: AbortSignal,
): Promise<DetailFilePart> {
  const format: DetailFileFormat = part.format === 'csv' ? 'csv-zip' : 'utf8-zip';
  const writer = await fileStore.create(buildStoreKey(file.id, file.lease, format));
  try {
    await writeZip(writer, part, { name, time: file.finished_at ?? 0 }, signal);
    return toDetailFilePart(format, await writer.finish());
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/**
 * Returns the moment at which this machine's clock shows what Japan's shows at `time` (milliseconds). A ZIP stores local
 * time without a zone: this way each machine writes the same bytes, and customers see when the file was built.
 */
function toJapanWallClock(time: number): Date {
  const jst = new Date(time + JST_TENTHS * 100);
  const [year, month, day] = [jst.getUTCFullYear(), jst.getUTCMonth(), jst.getUTCDate()];
  return new Date(year, month, day, jst.getUTCHours(), jst.getUTCMinutes(), jst.getUTCSeconds());
}

async function writeZip(
  writer: StoreWriter,
  part: DetailFilePart,
  entry: { name: string; time: number },
  signal: AbortSignal,
): Promise<void> {
  const content = await fileStore.open(part.store_key);
  const zip = new ZipFile();
  const failed = new Promise<never>((_, reject) => {
    zip.once('error', reject);
    content.once('error', reject);
  });
  zip.addReadStream(content, entry.name, {
    mtime: toJapanWallClock(entry.time),
    forceDosTimestamp: true,
    compressionLevel: COMPRESSION_LEVEL,
    size: part.bytes,
  });
  zip.end();
  const pipeToWriter = async () => {
    for await (const bytes of zip.outputStream) {
      signal.throwIfAborted();
      await writer.write(bytes as Buffer);
    }
  };
  try {
    await Promise.race([pipeToWriter(), failed]);
  } finally {
    content.destroy();
  }
}

import { ZipFile } from 'yazl';
import type { DetailFile, DetailFileFormat, DetailFilePart } from './detail-file';
import { fileStore } from '../../lib/files/file-store';
import type { StoreWriter } from '../../lib/files/store';
import { JST_TENTHS } from '../../lib/values/jst';
import { buildStoreKey } from './store-key';
import { toDetailFilePart } from './write';

/** Little is won by more at CSV, but it takes twice the time. */
const COMPRESSION_LEVEL = 1;

/**
 * Packs a part of a ready file under this name, and takes it into the store. The same part gives the same bytes and
 * the same key, so that two runs may do it at once.
 */
export async function zipDetailFilePart(
  file: DetailFile,
  part: DetailFilePart,
  name: string,
  signal: AbortSignal,
): Promise<DetailFilePart> {
  const format: DetailFileFormat = part.format === 'csv' ? 'csv-zip' : 'utf8-zip';
  const writer = await fileStore.create(buildStoreKey(file.id, file.claim, format));
  try {
    await writeZip(writer, part, { name, time: file.finished_at ?? 0 }, signal);
    return toDetailFilePart(format, await writer.finish());
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/**
 * The moment at which this machine's clock shows what Japan's shows at `time` (milliseconds). A ZIP has the time of a
 * clock on the wall: so each machine writes the same bytes, and customers see the time at which the file was made.
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

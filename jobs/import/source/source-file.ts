import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { errorCode } from '../../../lib/process/error-code';
import { CommandError } from '../../../lib/process/operator-error';
import { EncodingDetector } from './encoding-detector';

export const ENCODINGS = ['utf8', 'cp932', 'latin1'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A file to be brought in, after a first pass over it. */
export interface SourceFile {
  path: string;
  bytes: number;
  sha256: string;
  encoding: Encoding;
  /** Whether it is no UTF-8 from end to end, so that what cannot be read is a fault of its line. */
  mayBeDamaged: boolean;
}

/** Read at once: each reading waits for a thread. */
const BLOCK = 256 * 1024;
/** Taken apart at once: the strings of larger pieces outlive the tidying of young memory. */
const PIECE = 64 * 1024;

/**
 * Reads the file once: its digest, and which encoding it has unless one is given.
 *
 * @throws CommandError where it is no readable file, or not in the given encoding.
 */
export async function inspectSourceFile(path: string, wanted?: Encoding): Promise<SourceFile> {
  const bytes = await getFileSize(path);
  const digest = createHash('sha256');
  const detector = new EncodingDetector();
  let start = '';
  for await (const block of createReadStream(path, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    digest.update(block);
    start ||= block.subarray(0, 2).toString('hex');
    if (wanted === undefined || wanted === 'utf8') detector.take(block);
  }
  detector.end();
  if (start === 'fffe' || start === 'feff')
    throw new CommandError(`${path} is in UTF-16: save it as UTF-8 or CP932 (Shift_JIS)`);
  if (wanted === 'utf8' && !detector.isWhole) throw new CommandError(`${path} is not in UTF-8`);
  const encoding = wanted ?? (detector.isUtf8 ? 'utf8' : 'cp932');
  return {
    path,
    bytes,
    sha256: digest.digest('hex'),
    encoding,
    mayBeDamaged: encoding !== 'utf8' || !detector.isWhole,
  };
}

async function getFileSize(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    const missing = errorCode(error) === 'ENOENT';
    throw new CommandError(missing ? `${path}: there is no such file` : (error as Error).message);
  });
  if (!found.isFile()) throw new CommandError(`${path} is not a file`);
  return found.size;
}

/** The file's text in blocks, without a byte-order mark, and how many bytes have been read. */
export async function* readText(file: SourceFile): AsyncGenerator<{ text: string; bytes: number }> {
  const utf8 = new TextDecoder('utf-8');
  const other = iconv.getDecoder(file.encoding);
  const decode = (block: Buffer) =>
    file.encoding === 'utf8' ? utf8.decode(block, { stream: true }) : other.write(block);
  let bytes = 0;
  for await (const block of createReadStream(file.path, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>)
    for (let start = 0; start < block.length; start += PIECE) {
      const piece = block.subarray(start, start + PIECE);
      bytes += piece.length;
      yield { text: decode(piece), bytes };
    }
  yield { text: file.encoding === 'utf8' ? utf8.decode() : (other.end() ?? ''), bytes };
}

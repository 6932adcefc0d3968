import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { errorCode } from '../../../lib/process/error-code';
import { CommandError } from '../../../lib/process/operator-error';

export const ENCODINGS = ['utf8', 'cp932', 'latin1'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A file to be imported, after a first pass over it. */
export interface SourceFile {
  path: string;
  bytes: number;
  sha256: string;
  encoding: Encoding;
  /** Whether parts of the file are not valid UTF-8, so that unreadable text is a fault of its line. */
  mayBeDamaged: boolean;
}

/** Bytes read at once: each read waits for a thread. */
export const BLOCK = 256 * 1024;

/**
 * Reads the file once for its digest and, unless one is given, its encoding.
 *
 * @throws CommandError if it is not a readable file, or not in the given encoding.
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

const MAX_CHARACTER_BYTES = 4;
/** Kanji, kana and full-width signs take three bytes each in UTF-8; text in CP932 hardly ever looks like that. */
const JAPANESE = /[\u3000-\uffef]/g;
const LOST = /\ufffd/g;
/** Bytes of a valid block in which Japanese characters are counted. */
const SAMPLE = 1024;

/**
 * Tells UTF-8 from CP932 by what most of a file is: one damaged line, or a file that was cut off within a character,
 * does not change the encoding.
 */
export class EncodingDetector {
  /** Whether the file is valid UTF-8 from its first to its last byte. */
  isWhole = true;
  private rest: Buffer = Buffer.alloc(0);
  private japanese = 0;
  private lost = 0;

  take(block: Buffer): void {
    const end = findCharacterEnd(block);
    this.count(Buffer.concat([this.rest, block.subarray(0, end)]));
    this.rest = block.subarray(end);
  }

  end(): void {
    if (!isUtf8(this.rest)) this.isWhole = false;
  }

  get isUtf8(): boolean {
    return this.isWhole || this.japanese > this.lost || this.lost === 0;
  }

  private count(bytes: Buffer): void {
    const isValid = isUtf8(bytes);
    if (!isValid) this.isWhole = false;
    // One Japanese character proves a valid block, and a block without any proves little: a sample is enough.
    const text = isValid ? bytes.toString('utf8', 0, SAMPLE) : bytes.toString('utf8');
    this.japanese += text.match(JAPANESE)?.length ?? 0;
    if (!isValid) this.lost += text.match(LOST)?.length ?? 0;
  }
}

/** The start of a last UTF-8 character that may continue in the next block; the end of the block if there is none. */
function findCharacterEnd(block: Buffer): number {
  for (let at = block.length - 1; at >= 0 && at > block.length - MAX_CHARACTER_BYTES; at -= 1) {
    const byte = block[at] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return at;
  }
  return block.length;
}

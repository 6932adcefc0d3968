import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { codeOf } from '../../models/error-code';
import { CommandError } from '../commands/command-error';

export const ENCODINGS = ['utf8', 'cp932', 'latin1'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A file to be brought in, after a first pass over it. */
export interface SourceFile {
  path: string;
  bytes: number;
  sha256: string;
  encoding: Encoding;
}

const BLOCK = 64 * 1024;

/**
 * Reads the file once: its digest, and which encoding it has unless one is given.
 *
 * @throws CommandError where it is no readable file, or not in the given encoding.
 */
export async function inspectSourceFile(path: string, wanted?: Encoding): Promise<SourceFile> {
  const bytes = await sizeOf(path);
  const digest = createHash('sha256');
  let couldBeUtf8 = wanted === undefined || wanted === 'utf8';
  let rest: Buffer = Buffer.alloc(0);
  let start = '';
  for await (const block of createReadStream(path, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    digest.update(block);
    start ||= block.subarray(0, 2).toString('hex');
    const end = endOfCharacters(block);
    couldBeUtf8 &&= isUtf8(Buffer.concat([rest, block.subarray(0, end)]));
    rest = block.subarray(end);
  }
  couldBeUtf8 &&= isUtf8(rest);
  if (start === 'fffe' || start === 'feff')
    throw new CommandError(`${path} is in UTF-16: save it as UTF-8 or CP932 (Shift_JIS)`);
  if (wanted === 'utf8' && !couldBeUtf8) throw new CommandError(`${path} is not in UTF-8`);
  return { path, bytes, sha256: digest.digest('hex'), encoding: couldBeUtf8 ? 'utf8' : (wanted ?? 'cp932') };
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    const missing = codeOf(error) === 'ENOENT';
    throw new CommandError(missing ? `${path}: there is no such file` : (error as Error).message);
  });
  if (!found.isFile()) throw new CommandError(`${path} is not a file`);
  return found.size;
}

const MOST_OF_CHARACTER = 4;

/** Where the last character of UTF-8 begins that may go on in the next block; the end of the block where none does. */
function endOfCharacters(block: Buffer): number {
  for (let at = block.length - 1; at >= 0 && at > block.length - MOST_OF_CHARACTER; at -= 1) {
    const byte = block[at] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return at;
  }
  return block.length;
}

/** The file's text in blocks, without a byte-order mark, and how many bytes have been read. */
export async function* readText(file: SourceFile): AsyncGenerator<{ text: string; bytes: number }> {
  const utf8 = new TextDecoder('utf-8');
  const other = iconv.getDecoder(file.encoding);
  const decode = (block: Buffer) =>
    file.encoding === 'utf8' ? utf8.decode(block, { stream: true }) : other.write(block);
  let bytes = 0;
  for await (const block of createReadStream(file.path, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    bytes += block.length;
    yield { text: decode(block), bytes };
  }
  yield { text: file.encoding === 'utf8' ? utf8.decode() : (other.end() ?? ''), bytes };
}

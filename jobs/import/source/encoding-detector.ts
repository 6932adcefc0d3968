import { isUtf8 } from 'node:buffer';

const MAX_CHARACTER_BYTES = 4;
/** Kanji, kana, full-width signs: three bytes each in UTF-8, which text in CP932 hardly ever is by chance. */
const JAPANESE = /[\u3000-\uffef]/g;
const LOST = /\ufffd/g;

/**
 * Tells UTF-8 from CP932 by what most of a file is: one damaged line, or an end that was cut off within a character,
 * does not make it another encoding.
 */
export class EncodingDetector {
  /** Whether the file is UTF-8 from its first to its last byte. */
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
    // A good block says little where it has no such characters, and much where it has one: it need not be counted.
    const text = isValid ? bytes.toString('utf8', 0, SAMPLE) : bytes.toString('utf8');
    this.japanese += text.match(JAPANESE)?.length ?? 0;
    if (!isValid) this.lost += text.match(LOST)?.length ?? 0;
  }
}

const SAMPLE = 1024;

/** Where the last character of UTF-8 begins that may go on in the next block; the end of the block where none does. */
function findCharacterEnd(block: Buffer): number {
  for (let at = block.length - 1; at >= 0 && at > block.length - MAX_CHARACTER_BYTES; at -= 1) {
    const byte = block[at] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return at;
  }
  return block.length;
}

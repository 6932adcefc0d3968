import { createReadStream } from 'node:fs';
import iconv from 'iconv-lite';
import { CommandError } from '../../../lib/process/operator-error';
import { BLOCK, type SourceFile } from './source-file';

/** One record of a file, whether it came as CSV or as JSON. */
export interface SourceRecord {
  /** Number of its first line, from 1. */
  line: number;
  fields: string[];
  /** Why it cannot be taken, if the text itself is wrong. */
  fault?: string;
}

/** The records of one block of the file, and how many bytes of the file have been read. */
export interface RecordBlock {
  records: SourceRecord[];
  bytes: number;
}

/** How the fields of a file are separated. */
export interface CsvDialect {
  delimiter: string;
  /** Null if nothing is quoted. */
  quote: string | null;
}

/** Several delimiters if the first line decides which of them it is. */
export interface CsvDialects {
  delimiter: string | string[];
  quote: string | null;
}

const DEFAULT_DIALECT: CsvDialect = { delimiter: ',', quote: '"' };

/** Decoded at once. Strings cut from larger pieces live long enough to be promoted, which is what garbage collection costs. */
const PIECE = 32 * 1024;

/** The file's text in pieces, without a byte-order mark, and how many bytes have been read. */
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

/** The records of a CSV file of any size, a block at a time, without blank lines. */
export async function* readCsv(
  file: SourceFile,
  dialects: CsvDialects = DEFAULT_DIALECT,
): AsyncGenerator<RecordBlock> {
  const lines = new CsvLines(file, dialects);
  for await (const { text, bytes } of readText(file)) yield { records: lines.take(text), bytes };
  yield { records: lines.takeRest(), bytes: file.bytes };
}

const MAX_LINES = 50;
const MAX_LINE_LENGTH = 1_000_000;

/** Cuts text into records, keeping what may continue in the next block. */
class CsvLines {
  private pending: string[] = [];
  private rest = '';
  private line = 1;
  private dialect?: CsvDialect;
  private hasQuotes = false;

  constructor(
    private readonly file: SourceFile,
    private readonly dialects: CsvDialects,
  ) {}

  take(text: string): SourceRecord[] {
    const { quote } = this.dialects;
    // Most files have no quotes at all: then no line has to be searched for them.
    this.hasQuotes ||= quote !== null && text.includes(quote);
    const lines = text.split('\n');
    // Joining the rest to the first line copies one line; joining it to the text would copy all of it.
    lines[0] = this.rest + (lines[0] ?? '');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MAX_LINE_LENGTH)
      throw new CommandError(`${this.file.path}: line ${this.line} is too long. Is this a CSV file?`);
    this.pending.push(...lines);
    return this.takeRecords(false);
  }

  takeRest(): SourceRecord[] {
    if (this.rest !== '') this.pending.push(this.rest);
    return this.takeRecords(true);
  }

  private takeRecords(isEnd: boolean): SourceRecord[] {
    const records: SourceRecord[] = [];
    let at = 0;
    while (at < this.pending.length) {
      const [record, used] = this.readRecordAt(at, isEnd);
      if (used === 0) break;
      if (record) records.push(record);
      at += used;
      this.line += used;
    }
    this.pending = this.pending.slice(at);
    return records;
  }

  /** The record that begins here and the lines it takes: 0 if the next block has to be seen first. */
  private readRecordAt(at: number, isEnd: boolean): [SourceRecord | undefined, number] {
    const { line } = this;
    let text = stripReturn(this.pending[at] ?? '');
    if (text.trim() === '') return [undefined, 1];
    const dialect = (this.dialect ??= this.detectDialect(text));
    for (let used = 1; ; used += 1) {
      const fields = this.hasQuotes ? splitCsvFields(text, dialect) : text.split(dialect.delimiter);
      if (fields !== 'open' && fields !== 'malformed')
        return [{ line, fields, fault: this.findFault(text) }, used];
      const next = this.pending[at + used];
      const isLast = used >= MAX_LINES || (next === undefined && isEnd);
      if (fields === 'malformed' || isLast) return [this.toMisquotedRecord(at, fields), 1];
      if (next === undefined) return [undefined, 0];
      text += `\n${stripReturn(next)}`;
    }
  }

  private detectDialect(line: string): CsvDialect {
    const { delimiter, quote } = this.dialects;
    return { quote, delimiter: detectDelimiter(line, [delimiter].flat(), quote) };
  }

  private toMisquotedRecord(at: number, fault: 'open' | 'malformed'): SourceRecord {
    const reason = fault === 'open' ? 'a quote is not closed' : 'a quote stands in the middle of a field';
    return { line: this.line, fields: [stripReturn(this.pending[at] ?? '')], fault: reason };
  }

  private findFault(text: string): string | undefined {
    return this.file.mayBeDamaged && text.includes('\ufffd') ? 'not in UTF-8 or CP932' : undefined;
  }
}

const stripReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/**
 * The fields of one CSV record (RFC 4180): `open` if a quoted field does not end in this text, `malformed` if
 * something follows its closing quote.
 *
 * A streaming parser would take everything after a stray quote for one field; one record at a time, a stray quote
 * spoils its own line only.
 */
export function splitCsvFields(
  text: string,
  { delimiter, quote }: CsvDialect = DEFAULT_DIALECT,
): string[] | 'open' | 'malformed' {
  if (quote === null || !text.includes(quote)) return text.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const isQuoted = text.charAt(at) === quote;
    const end = isQuoted ? findClosingQuote(text, at + 1, quote) : findFieldEnd(text, at, delimiter);
    if (end < 0) return 'open';
    fields.push(isQuoted ? text.slice(at + 1, end).replaceAll(quote + quote, quote) : text.slice(at, end));
    const next = isQuoted ? end + 1 : end;
    if (next === text.length) return fields;
    if (text.charAt(next) !== delimiter) return 'malformed';
    at = next + 1;
  }
}

function findFieldEnd(text: string, from: number, delimiter: string): number {
  const end = text.indexOf(delimiter, from);
  return end < 0 ? text.length : end;
}

function findClosingQuote(text: string, from: number, quote: string): number {
  let at = text.indexOf(quote, from);
  while (at >= 0 && text.charAt(at + 1) === quote) at = text.indexOf(quote, at + 2);
  return at;
}

/** The delimiter that occurs most often outside quotes; the first of them if none occurs. */
export function detectDelimiter(line: string, delimiters: readonly string[], quote: string | null): string {
  const parts = quote === null ? [line] : line.split(quote);
  const bare = parts.filter((_, part) => part % 2 === 0).join('');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

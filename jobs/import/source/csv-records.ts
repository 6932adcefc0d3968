import { getCharCode, trimText } from '../../../lib/values/ascii';
import { CommandError } from '../../../lib/process/operator-error';
import { type CsvDialect, splitCsvFields, detectDelimiter } from './csv-fields';
import { readText, type SourceFile } from './source-file';

export interface CsvRecord {
  /** Number of its first line, from 1. */
  line: number;
  fields: string[];
  /** The fields of its line, where `fields` are those of several. */
  written?: string[];
  /** Why it cannot be taken, where the text itself is wrong. */
  fault?: string;
}

/** The records of one block of the file, and how much of the file has been read. */
export interface CsvBlock {
  records: CsvRecord[];
  bytes: number;
}

const MAX_LINES = 50;
const MAX_LINE_LENGTH = 1_000_000;

/** Several delimiters where the first line tells which of them it is. */
export interface CsvDialects {
  delimiter: string | string[];
  quote: string | null;
}

/** The records of a file of any size, a block at a time; blank lines are left out. */
export async function* readCsv(
  file: SourceFile,
  dialects: CsvDialects = { delimiter: ',', quote: '"' },
): AsyncGenerator<CsvBlock> {
  const lines = new CsvLines(file, dialects);
  for await (const { text, bytes } of readText(file)) yield { records: lines.take(text), bytes };
  yield { records: lines.takeRest(), bytes: file.bytes };
}

/** Cuts text into records, keeping what may go on in the next block. */
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

  take(text: string): CsvRecord[] {
    const { quote } = this.dialects;
    // Seldom at all: then the lines need not be searched for them one by one.
    this.hasQuotes ||= quote !== null && text.includes(quote);
    const lines = text.split('\n');
    // Joined to the first line alone: joined to the text, all of that would be copied.
    lines[0] = this.rest + (lines[0] ?? '');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MAX_LINE_LENGTH)
      throw new CommandError(`${this.file.path}: line ${this.line} is too long. Is this a CSV file?`);
    this.pending.push(...lines);
    return this.takeRecords(false);
  }

  takeRest(): CsvRecord[] {
    if (this.rest !== '') this.pending.push(this.rest);
    return this.takeRecords(true);
  }

  private takeRecords(isEnd: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
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

  /** The record that begins here and the lines it takes: 0 where the next block has to be seen first. */
  private readRecordAt(at: number, isEnd: boolean): [CsvRecord | undefined, number] {
    const { line } = this;
    let text = stripReturn(this.pending[at] ?? '');
    if (trimText(text) === '') return [undefined, 1];
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
    return { quote, delimiter: detectDelimiter(line, toDelimiters(delimiter), quote) };
  }

  private toMisquotedRecord(at: number, fault: 'open' | 'malformed'): CsvRecord {
    const reason = fault === 'open' ? 'a quote is not closed' : 'a quote stands in the middle of a field';
    return { line: this.line, fields: [stripReturn(this.pending[at] ?? '')], fault: reason };
  }

  private findFault(text: string): string | undefined {
    return this.file.mayBeDamaged && text.includes('\ufffd') ? 'not in UTF-8 or CP932' : undefined;
  }
}

const RETURN = 13;

const stripReturn = (line: string): string =>
  getCharCode(line, line.length - 1) === RETURN ? line.slice(0, -1) : line;

const toDelimiters = (delimiter: string | string[]): string[] =>
  typeof delimiter === 'string' ? [delimiter] : delimiter;

import { CommandError } from '../../../lib/process/operator-error';
import { readText, type RecordBlock, type SourceRecord } from './csv-records';
import type { SourceFile } from './source-file';

/** The values that are taken out of the objects of a file. */
export interface JsonColumns {
  /** Paths such as variables.uuid, or callflow.0.caller_profile; a record's fields come in this order. */
  paths: readonly string[];
  /** Whether %2B stands for +. */
  isPercentEncoded: boolean;
}

/** The objects of a file, a block at a time: one object, one after the other, or those of an array. */
export async function* readJsonRecords(file: SourceFile, columns: JsonColumns): AsyncGenerator<RecordBlock> {
  const splitter = new JsonSplitter(() => {
    throw new CommandError(`${file.path}: a record is too long. Is this a file of JSON records?`);
  });
  const toRecord = createRecordReader(columns);
  for await (const { text, bytes } of readText(file))
    yield { records: splitter.take(text).map(toRecord), bytes };
  yield { records: splitter.takeRest().map(toRecord), bytes: file.bytes };
}

const MAX_EXCERPT = 200;

function createRecordReader({ paths, isPercentEncoded }: JsonColumns) {
  const steps = paths.map((path) => path.split('.'));
  return ({ line, text }: JsonRecordText): SourceRecord => {
    let object: unknown;
    try {
      object = JSON.parse(text);
    } catch {
      return { line, fields: [text.slice(0, MAX_EXCERPT)], fault: 'not a JSON object' };
    }
    const texts = steps.map((path) => getTextAt(object, path));
    return { line, fields: isPercentEncoded ? texts.map(decodePercent) : texts };
  };
}

/** The value at this path as text; empty unless it is a text, a number or a boolean. */
function getTextAt(object: unknown, path: string[]): string {
  let value = object;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return '';
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text of one object of a file. */
export interface JsonRecordText {
  /** Number of its first line, from 1. */
  line: number;
  text: string;
}

const MAX_LENGTH = 4_000_000;

/**
 * Cuts a text that comes in blocks into its outermost objects; brackets and commas between them belong to an array of
 * them. If an object starts a line where the one before cannot continue, it begins a new record: a record that was cut
 * short spoils no other.
 */
export class JsonSplitter {
  private text = '';
  private at = 0;
  private start = -1;
  private startLine = 1;
  private line = 1;
  private depth = 0;
  private inString = false;
  private records: JsonRecordText[] = [];

  constructor(private readonly onTooLong: () => never) {}

  take(block: string): JsonRecordText[] {
    this.text += block;
    for (; this.at < this.text.length; this.at += 1) this.step(this.text.charAt(this.at));
    this.discardRead();
    if (this.text.length > MAX_LENGTH) this.onTooLong();
    return this.records.splice(0);
  }

  /** The rest at the end of the file is not a whole object, but it is a record that can be rejected. */
  takeRest(): JsonRecordText[] {
    if (this.start >= 0) this.cut(this.text.length);
    return this.records.splice(0);
  }

  private step(character: string): void {
    if (character === '\n') this.line += 1;
    if (this.start < 0) {
      if (!/[\s,[\]\ufeff]/.test(character)) this.open(character === '{' ? 1 : 0);
      return;
    }
    if (this.depth === 0) {
      // Anything that is not an object is one faulty record up to the end of its line.
      if (character === '\n') this.cut(this.at);
      return;
    }
    if (this.inString) this.stepInString(character);
    else this.stepInObject(character);
  }

  private stepInString(character: string): void {
    if (character === '\\') this.at += 1;
    else if (character === '"') this.inString = false;
    else if (character === '\n') this.cut(this.at);
  }

  private stepInObject(character: string): void {
    if (character === '"') this.inString = true;
    else if (character === '}') {
      this.depth -= 1;
      if (this.depth === 0) this.cut(this.at + 1);
    } else if (character === '{') {
      if (this.text.charAt(this.at - 1) === '\n' && !/[:,[]\s*$/.test(this.text.slice(this.start, this.at))) {
        this.cut(this.at);
        this.open(1);
      } else this.depth += 1;
    }
  }

  private open(depth: number): void {
    this.start = this.at;
    this.startLine = this.line;
    this.depth = depth;
  }

  private cut(end: number): void {
    this.records.push({ line: this.startLine, text: this.text.slice(this.start, end) });
    this.start = -1;
    this.depth = 0;
    this.inString = false;
  }

  private discardRead(): void {
    const from = this.start < 0 ? this.text.length : this.start;
    // An escape at the end of a block skips the first character of the next.
    this.at -= from;
    this.text = this.text.slice(from);
    if (this.start >= 0) this.start = 0;
  }
}

import { CommandError } from '../../../lib/process/operator-error';
import type { CsvBlock, CsvRecord } from './csv-records';
import { JsonSplitter } from './json-splitter';
import { readText, type SourceFile } from './source-file';

export interface JsonColumns {
  /** Paths such as variables.uuid, or callflow.0.caller_profile; a record's fields come in this order. */
  paths: readonly string[];
  /** Whether %2B stands for +. */
  isPercentEncoded: boolean;
}

/** The objects of a file: one, one after the other, or those of an array; a block of the file at a time. */
export async function* readJsonRecords(file: SourceFile, columns: JsonColumns): AsyncGenerator<CsvBlock> {
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
  return ({ line, text }: { line: number; text: string }): CsvRecord => {
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

/** What stands there, as text; empty for what is no text, number or truth. */
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

import { trimText } from '../../../lib/values/ascii';
import type { RecordCondition, TextValue } from './values/value-schemas';
import { LineRejection } from '../line-rejection';

/** Takes one value out of a record; an empty text where there is none. */
export type FieldReader = (fields: string[]) => string;

/** Where a column of a record stands, from 0; undefined where this file does not have it. */
export type FindColumn = (column: string | number) => number | undefined;

/** A column or a constant, with the part of it that is meant. */
export interface TextSource {
  column?: string | number | undefined;
  constant?: string | undefined;
  match?: string | undefined;
  words?: Record<string, string> | undefined;
}

const EMPTY_READER: FieldReader = () => '';

/** Undefined where the file has no such column. */
export function compileSource(source: TextSource, findColumn: FindColumn): FieldReader | undefined {
  const { constant, column, match, words } = source;
  if (constant !== undefined) return () => constant;
  const place = column === undefined ? undefined : findColumn(column);
  if (place === undefined) return undefined;
  const plain: FieldReader = (fields) => trimText(fields[place] ?? '');
  const matched = match === undefined ? plain : createMatcher(plain, new RegExp(match));
  return words ? compileWords(matched, String(column), new Map(Object.entries(words))) : matched;
}

const createMatcher =
  (read: FieldReader, expression: RegExp): FieldReader =>
  (fields) => {
    const found = expression.exec(read(fields));
    return found ? (found[1] ?? found[0]) : '';
  };

/** What a word stands for. A LineRejection refuses others; `name` is what its reason calls the field. */
export function compileWords<T extends string | number>(
  read: FieldReader,
  name: string,
  words: ReadonlyMap<string, T>,
): (fields: string[]) => T {
  let last = { text: '', meant: words.get('') };
  return (fields) => {
    const text = read(fields);
    // Seldom another one than that of the record before.
    if (text !== last.text) last = { text, meant: words.get(text) };
    if (last.meant === undefined) {
      const known = [...words.keys()].filter(Boolean).join(', ');
      throw new LineRejection(`${name}: ${text || '(empty)'} is none of ${known}`);
    }
    return last.meant;
  };
}

const toTextSource = (value: TextValue): TextSource =>
  typeof value === 'object' ? value : { column: value };

/** A reader for each value whose column the file has. */
export const compileEach = (values: TextValue[], findColumn: FindColumn): FieldReader[] =>
  values.flatMap((value) => compileSource(toTextSource(value), findColumn) ?? []);

/** The first of these values that is not empty. */
export function compileText(values: TextValue[], findColumn: FindColumn): FieldReader {
  const [first = EMPTY_READER, ...others] = compileEach(values, findColumn);
  if (others.length === 0) return first;
  return (fields) => {
    let text = first(fields);
    for (let at = 0; text === '' && at < others.length; at += 1) text = others[at]?.(fields) ?? '';
    return text;
  };
}

/** Whether a record is as the condition says. */
export function compileCondition(
  { of, is, is_not }: RecordCondition,
  findColumn: FindColumn,
): (fields: string[]) => boolean {
  const read = compileText(Array.isArray(of) ? of : [of], findColumn);
  const expression = new RegExp(is ?? is_not ?? '');
  const wanted = is !== undefined;
  return (fields) => expression.test(read(fields)) === wanted;
}

import { z } from 'zod';
import { rememberLast } from '../../../../lib/values/remember-last';
import { LineRejection } from '../../source/rejected-lines';

/** A regular expression as text. */
export const patternSchema = z.string().refine((text) => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}, 'not a regular expression');

/** A column by its name or its number from 1; in JSON the path to it, such as variables.uuid. */
const column = z.union([z.string().min(1), z.int().min(1)], {
  error: 'a column’s name, or its number from 1',
});

/** The keys that say where a value comes from. */
export const sourceKeys = {
  column: column.optional(),
  /** Always this, in place of a column. */
  constant: z.string().optional(),
  /** The part of the text that is taken: the first group, or the whole match; nothing if it does not match. */
  match: patternSchema.optional(),
};
export const hasOneSource = (value: { column?: unknown; constant?: unknown }): boolean =>
  (value.column === undefined) !== (value.constant === undefined);
export const ONE_SOURCE = 'give either column or constant';

/** One value, or several of which the first that is not empty counts. */
export const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)]);

export const textSchema = z.union([
  column,
  z
    .strictObject({
      ...sourceKeys,
      /** Maps each text to what it stands for; any other text is refused. */
      map: z.record(z.string(), z.string()).optional(),
    })
    .refine(hasOneSource, ONE_SOURCE),
]);

export const conditionSchema = z
  .strictObject({
    of: oneOrMore(textSchema),
    matches: patternSchema.optional(),
    matches_not: patternSchema.optional(),
  })
  .refine(
    ({ matches, matches_not }) => (matches === undefined) !== (matches_not === undefined),
    'give either matches or matches_not',
  );

/** The caller or the called party: its number, and the names by which it may be a line of ours (default: the number). */
export const sideSchema = z.strictObject({
  number: oneOrMore(textSchema),
  names: z.array(textSchema).min(1).optional(),
});

export type TextValue = z.infer<typeof textSchema>;
export type RecordCondition = z.infer<typeof conditionSchema>;
export type CallSide = z.infer<typeof sideSchema>;

/** `[a]` from `a`, or a list as it is. */
export const toArray = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Takes one value out of a record; an empty text if there is none. */
export type FieldReader = (fields: string[]) => string;

/** The place of a column in a record, from 0; undefined if this file does not have it. */
export type FindColumn = (column: string | number) => number | undefined;

/** A column or a constant, with the part of it that is meant. */
export interface TextSource {
  column?: string | number | undefined;
  constant?: string | undefined;
  match?: string | undefined;
  map?: Record<string, string> | undefined;
}

const EMPTY_READER: FieldReader = () => '';

/** Undefined if the file has no such column. */
export function compileSource(source: TextSource, findColumn: FindColumn): FieldReader | undefined {
  const { constant, column, match, map } = source;
  if (constant !== undefined) return () => constant;
  const place = column === undefined ? undefined : findColumn(column);
  if (place === undefined) return undefined;
  const plain: FieldReader = (fields) => (fields[place] ?? '').trim();
  const matched = match === undefined ? plain : createMatcher(plain, new RegExp(match));
  return map ? compileMap(matched, String(column), new Map(Object.entries(map))) : matched;
}

const createMatcher =
  (read: FieldReader, expression: RegExp): FieldReader =>
  (fields) => {
    const found = expression.exec(read(fields));
    return found ? (found[1] ?? found[0]) : '';
  };

/** Reads what a text stands for. A LineRejection refuses other texts; `name` is what its reason calls the field. */
export function compileMap<T extends string | number>(
  read: FieldReader,
  name: string,
  map: ReadonlyMap<string, T>,
): (fields: string[]) => T {
  const getValue = rememberLast((text: string) => map.get(text), '');
  return (fields) => {
    const text = read(fields);
    const value = getValue(text);
    if (value !== undefined) return value;
    const known = [...map.keys()].filter(Boolean).join(', ');
    throw new LineRejection(`${name}: ${text || '(empty)'} is none of ${known}`);
  };
}

const toTextSource = (value: TextValue): TextSource =>
  typeof value === 'object' ? value : { column: value };

/** A reader for each value whose column the file has. */
export const compileEach = (values: TextValue[], findColumn: FindColumn): FieldReader[] =>
  values.flatMap((value) => compileSource(toTextSource(value), findColumn) ?? []);

/** Reads the first of these values that is not empty. */
export function compileText(values: TextValue[], findColumn: FindColumn): FieldReader {
  const [first = EMPTY_READER, ...others] = compileEach(values, findColumn);
  if (others.length === 0) return first;
  return (fields) => {
    let text = first(fields);
    for (let at = 0; text === '' && at < others.length; at += 1) text = others[at]?.(fields) ?? '';
    return text;
  };
}

/** Reads the first of these columns that is not empty as it is written, whatever part of it is meant. */
export function compileWritten(
  values: readonly (TextValue | { column?: string | number | undefined })[],
  findColumn: FindColumn,
): FieldReader {
  const columns = values.flatMap((value) => (typeof value === 'object' ? value.column : value) ?? []);
  return compileText(columns, findColumn);
}

/** Tells whether a condition holds for a record. */
export function compileCondition(
  { of, matches, matches_not }: RecordCondition,
  findColumn: FindColumn,
): (fields: string[]) => boolean {
  const read = compileText(Array.isArray(of) ? of : [of], findColumn);
  const expression = new RegExp(matches ?? matches_not ?? '');
  const wanted = matches !== undefined;
  return (fields) => expression.test(read(fields)) === wanted;
}

const ZERO = 48;

/** The number that the digits of a text make; the point of a decimal is skipped. Number() is slower for digits such as 05. */
export function readDigits(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0) value = value * 10 + digit;
  }
  return value;
}

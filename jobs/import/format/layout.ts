import { CommandError } from '../../../lib/process/operator-error';
import type { SourceRecord } from '../source/csv-records';
import type { CallFormat, RecordLayout } from './schema';
import { type FindColumn, type TextValue, toArray } from './values/text';

/** The places of the columns in a file's records, and which records have this layout. */
export interface OpenLayout {
  findColumn: FindColumn;
  minColumns: number;
  maxColumns: number;
  /** Expressions that fields must match, by their places. */
  signs: { place: number; expression: RegExp }[];
}

export interface OpenLayouts {
  /** The first that a record matches counts. */
  layouts: OpenLayout[];
  /** The names of the header, if the file has one. */
  names: string[];
  /** Why a record matches none of them. */
  explainMismatch: (fields: string[]) => string;
}

/** Names are compared without case, spaces, hyphens and underscores. */
const toKey = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

const createFindColumn = (names: readonly string[]): FindColumn => {
  const places = new Map(names.map((name, place) => [toKey(name), place]));
  return (column) => (typeof column === 'number' ? column - 1 : places.get(toKey(column)));
};

/** @throws CommandError if the header lacks a column, or has one that must not be there. */
export function openLayouts(format: CallFormat, path: string, first: SourceRecord): OpenLayouts {
  if (format.kind === 'json') return openWithoutHeader([{ columns: listUsedColumns(format) }]);
  if (isHeader(format, first)) return openWithHeader(format, path, first);
  return openWithoutHeader(format.layouts);
}

function isHeader({ header, layouts, other_columns }: CallFormat, { fields }: SourceRecord): boolean {
  if (header !== 'optional') return header === 'required';
  const known = new Set([...layouts.flatMap(({ columns }) => columns), ...other_columns].map(toKey));
  const names = fields.filter((field) => known.has(toKey(field.trim())));
  return names.length * 2 > fields.length;
}

function openWithHeader(format: CallFormat, path: string, { fields }: SourceRecord): OpenLayouts {
  const names = fields.map((name) => name.trim());
  const faults = listHeaderFaults(format, names);
  if (faults.length > 0) {
    const [columns = []] = format.layouts.map((layout) => layout.columns);
    const known = columns.length > 0 ? `. The columns are ${columns.join(', ')}` : '';
    const isOther = columns.length > 0 && !names.map(toKey).some((key) => columns.map(toKey).includes(key));
    const what = isOther
      ? 'none of its columns is one of this format, give another --format'
      : faults.join(', ');
    throw new CommandError(`${path}: ${what}${known}`);
  }
  const findColumn = createFindColumn(names);
  const layout = { findColumn, minColumns: names.length, maxColumns: names.length, signs: [] };
  const explainMismatch = (record: string[]) => `${record.length} fields, the header has ${names.length}`;
  return { layouts: [layout], names, explainMismatch };
}

function listHeaderFaults(format: CallFormat, names: string[]): string[] {
  const keys = names.map(toKey);
  const has = (name: string) => keys.includes(toKey(name));
  const columns = format.layouts.flatMap((layout) => layout.columns);
  const isStrict = format.unknown_columns === 'refuse';
  const missing = isStrict
    ? columns.filter((name) => !has(name))
    : listNeededColumns(format)
        .filter((alternatives) => !alternatives.some((name) => typeof name === 'number' || has(name)))
        .map((alternatives) => alternatives.join('” or “'));
  const unknown = isStrict ? names.filter((name) => !columns.map(toKey).includes(toKey(name))) : [];
  const twice = listUsedColumns(format).filter(
    (name) => keys.indexOf(toKey(name)) !== keys.lastIndexOf(toKey(name)),
  );
  return [
    ...missing.map((name) => `column “${name}” is missing`),
    ...unknown.map((name) => `column “${name}” is unknown`),
    ...twice.map((name) => `column “${name}” stands twice`),
  ];
}

function openWithoutHeader(layouts: RecordLayout[]): OpenLayouts {
  const known = layouts.length > 0 ? layouts : [{ columns: [], min_columns: 1, max_columns: Infinity }];
  const opened = known.map(openLayout);
  const fewest = Math.min(...opened.map(({ minColumns }) => minColumns));
  return {
    layouts: opened,
    names: [],
    explainMismatch: (fields) =>
      fields.length < fewest
        ? `${fields.length} fields: fewer than the ${fewest} of the format`
        : `${fields.length} fields: not a record of the format`,
  };
}

function openLayout({ columns, min_columns, max_columns, where = {} }: RecordLayout): OpenLayout {
  const findColumn = createFindColumn(columns);
  const signs = Object.entries(where).map(([name, pattern]) => ({
    place: findColumn(name) ?? -1,
    expression: new RegExp(pattern),
  }));
  const { length } = columns;
  return { findColumn, minColumns: min_columns ?? length, maxColumns: max_columns ?? length, signs };
}

type Columned = TextValue | { column?: string | number | undefined };

const toColumns = (value: Columned): (string | number)[] =>
  typeof value === 'object' ? (value.column === undefined ? [] : [value.column]) : [value];

const listColumns = (values: Columned | Columned[] | undefined): (string | number)[] =>
  toArray(values as Columned | undefined).flatMap(toColumns);

/** The alternatives for each value that a call cannot do without; one column of each must be there. Constants need none. */
function listNeededColumns(format: CallFormat): (string | number)[][] {
  const { caller, called, number, direction, other_number, started_at, duration, ended_at } = format;
  return [
    listColumns(caller?.names ?? caller?.number),
    listColumns(called?.number),
    ...[number, direction, other_number, started_at].map((values) => listColumns(values)),
    [...listColumns(duration), ...listColumns(ended_at)],
  ].filter((columns) => columns.length > 0);
}

/** The names of all columns that the format takes something from, each once. */
export function listUsedColumns(format: CallFormat): string[] {
  const { pairs, caller, called } = format;
  const conditions = [
    ...format.skip_if,
    ...format.answered_if,
    ...(pairs ? [pairs.first, pairs.last] : []),
  ].flatMap(({ of }) => of);
  const times = [...toArray(format.started_at), ...toArray(format.ended_at)];
  const values: Columned[] = [
    ...conditions,
    ...format.id,
    ...[caller, called].flatMap((side) => [...toArray(side?.number), ...(side?.names ?? [])]),
    ...[format.number, format.direction, format.other_number].flatMap((value) => toArray(value)),
    ...[format.area, format.line_class, format.call_type].flatMap((value) => toArray(value)),
    ...times,
    ...times.flatMap(({ plus, minus }) => [plus, minus].filter((value) => value !== undefined)),
    ...toArray(format.duration),
    ...toArray(format.charge),
    ...(pairs ? [...pairs.by, ...(pairs.match_unordered ?? [])] : []),
  ];
  return [...new Set(values.flatMap(toColumns).filter((column) => typeof column === 'string'))];
}

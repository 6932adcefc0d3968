import { CommandError } from '../../../lib/process/operator-error';
import type { CsvRecord } from '../source/csv-records';
import type { FindColumn } from './field-reader';
import { listNeededColumns, listUsedColumns } from './columns';
import type { CallFormat, RecordLayout } from './schema';

/** Where the columns of a file's records stand. */
export interface OpenLayout {
  findColumn: FindColumn;
  matches: (fields: string[]) => boolean;
}

export interface OpenLayouts {
  /** Of which the first that fits a record counts. */
  layouts: OpenLayout[];
  /** The header's names where the file has one. */
  names: string[];
  /** Why a record does not fit any. */
  explainMismatch: (fields: string[]) => string;
}

/** Names are the same in capitals, with spaces, hyphens and underscores. */
const toKey = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

const createFindColumn = (names: readonly string[]): FindColumn => {
  const places = new Map(names.map((name, place) => [toKey(name), place]));
  return (column) => (typeof column === 'number' ? column - 1 : places.get(toKey(column)));
};

/** @throws CommandError where the header lacks a column, or has one that must not be there. */
export function openLayouts(format: CallFormat, path: string, first: CsvRecord): OpenLayouts {
  if (format.kind === 'json') return openWithoutHeader([{ columns: listUsedColumns(format) }]);
  if (isHeader(format, first)) return openWithHeader(format, path, first);
  return openWithoutHeader(format.layouts);
}

function isHeader({ header, layouts, other_columns }: CallFormat, { fields }: CsvRecord): boolean {
  if (header !== 'optional') return header === 'required';
  const known = new Set([...layouts.flatMap(({ columns }) => columns), ...other_columns].map(toKey));
  const names = fields.filter((field) => known.has(toKey(field.trim())));
  return names.length * 2 > fields.length;
}

function openWithHeader(format: CallFormat, path: string, { fields }: CsvRecord): OpenLayouts {
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
  const matches = (record: string[]) => record.length === names.length;
  const explainMismatch = (record: string[]) => `${record.length} fields, the header has ${names.length}`;
  return { layouts: [{ findColumn: createFindColumn(names), matches }], names, explainMismatch };
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
  const known = layouts.length > 0 ? layouts : [{ columns: [], fewest: 1, most: Infinity }];
  const counts = known.map(({ columns, fewest: minColumns = columns.length }) => minColumns);
  return {
    layouts: known.map(openLayout),
    names: [],
    explainMismatch: (fields) =>
      fields.length < Math.min(...counts)
        ? `${fields.length} fields: fewer than the ${Math.min(...counts)} of the format`
        : `${fields.length} fields: not a record of the format`,
  };
}

function openLayout({
  columns,
  fewest: minColumns = columns.length,
  most: maxColumns = columns.length,
  where = {},
}: RecordLayout) {
  const findColumn = createFindColumn(columns);
  const signs = Object.entries(where).map(
    ([name, pattern]) => [findColumn(name) ?? -1, new RegExp(pattern)] as const,
  );
  const matches = (fields: string[]) =>
    fields.length >= minColumns &&
    fields.length <= maxColumns &&
    signs.every(([place, sign]) => sign.test(fields[place] ?? ''));
  return { findColumn, matches };
}

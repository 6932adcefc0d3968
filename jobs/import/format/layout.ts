import { CommandError } from '../../../lib/process/operator-error';
import type { CsvRecord } from '../source/csv-records';
import type { PlaceOf } from './field-reader';
import { neededColumns, usedColumns } from './columns';
import type { CallFormat, RecordLayout } from './schema';

/** Where the columns of a file's records stand. */
export interface OpenLayout {
  placeOf: PlaceOf;
  fits: (fields: string[]) => boolean;
}

export interface OpenLayouts {
  /** Of which the first that fits a record counts. */
  layouts: OpenLayout[];
  /** The header's names where the file has one. */
  names: string[];
  /** Why a record does not fit any. */
  misfit: (fields: string[]) => string;
}

/** Names are the same in capitals, with spaces, hyphens and underscores. */
const keyOf = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

const placing = (names: readonly string[]): PlaceOf => {
  const places = new Map(names.map((name, place) => [keyOf(name), place]));
  return (column) => (typeof column === 'number' ? column - 1 : places.get(keyOf(column)));
};

/** @throws CommandError where the header lacks a column, or has one that must not be there. */
export function openLayouts(format: CallFormat, path: string, first: CsvRecord): OpenLayouts {
  if (format.kind === 'json') return withoutHeader([{ columns: usedColumns(format) }]);
  if (isHeader(format, first)) return withHeader(format, path, first);
  return withoutHeader(format.layouts);
}

function isHeader({ header, layouts, other_columns }: CallFormat, { fields }: CsvRecord): boolean {
  if (header !== 'optional') return header === 'required';
  const known = new Set([...layouts.flatMap(({ columns }) => columns), ...other_columns].map(keyOf));
  const names = fields.filter((field) => known.has(keyOf(field.trim())));
  return names.length * 2 > fields.length;
}

function withHeader(format: CallFormat, path: string, { fields }: CsvRecord): OpenLayouts {
  const names = fields.map((name) => name.trim());
  const faults = headerFaults(format, names);
  if (faults.length > 0) {
    const [columns = []] = format.layouts.map((layout) => layout.columns);
    const known = columns.length > 0 ? `. The columns are ${columns.join(', ')}` : '';
    const isOther = columns.length > 0 && !names.map(keyOf).some((key) => columns.map(keyOf).includes(key));
    const what = isOther
      ? 'none of its columns is one of this format, give another --format'
      : faults.join(', ');
    throw new CommandError(`${path}: ${what}${known}`);
  }
  const fits = (record: string[]) => record.length === names.length;
  const misfit = (record: string[]) => `${record.length} fields, the header has ${names.length}`;
  return { layouts: [{ placeOf: placing(names), fits }], names, misfit };
}

function headerFaults(format: CallFormat, names: string[]): string[] {
  const keys = names.map(keyOf);
  const has = (name: string) => keys.includes(keyOf(name));
  const columns = format.layouts.flatMap((layout) => layout.columns);
  const isStrict = format.unknown_columns === 'refuse';
  const missing = isStrict
    ? columns.filter((name) => !has(name))
    : neededColumns(format)
        .filter((alternatives) => !alternatives.some((name) => typeof name === 'number' || has(name)))
        .map((alternatives) => alternatives.join('” or “'));
  const unknown = isStrict ? names.filter((name) => !columns.map(keyOf).includes(keyOf(name))) : [];
  const twice = usedColumns(format).filter(
    (name) => keys.indexOf(keyOf(name)) !== keys.lastIndexOf(keyOf(name)),
  );
  return [
    ...missing.map((name) => `column “${name}” is missing`),
    ...unknown.map((name) => `column “${name}” is unknown`),
    ...twice.map((name) => `column “${name}” stands twice`),
  ];
}

function withoutHeader(layouts: RecordLayout[]): OpenLayouts {
  const known = layouts.length > 0 ? layouts : [{ columns: [], fewest: 1, most: Infinity }];
  const counts = known.map(({ columns, fewest = columns.length }) => fewest);
  return {
    layouts: known.map(openLayout),
    names: [],
    misfit: (fields) =>
      fields.length < Math.min(...counts)
        ? `${fields.length} fields: fewer than the ${Math.min(...counts)} of the format`
        : `${fields.length} fields: not a record of the format`,
  };
}

function openLayout({ columns, fewest = columns.length, most = columns.length, where = {} }: RecordLayout) {
  const placeOf = placing(columns);
  const signs = Object.entries(where).map(
    ([name, pattern]) => [placeOf(name) ?? -1, new RegExp(pattern)] as const,
  );
  const fits = (fields: string[]) =>
    fields.length >= fewest &&
    fields.length <= most &&
    signs.every(([place, sign]) => sign.test(fields[place] ?? ''));
  return { placeOf, fits };
}

import { CommandError } from '../../../lib/process/operator-error';
import type { CsvRecord } from './csv-records';

export interface CsvColumns {
  required: readonly string[];
  optional?: readonly string[];
}

/** A header that was checked: turns the fields of a line into the order of required, then optional columns. */
export interface CsvHeader {
  names: string[];
  /** Undefined where the line has more or fewer fields than the header. */
  order(fields: string[]): string[] | undefined;
}

/** @throws CommandError naming the columns that are missing, unknown or doubled. */
export function readHeader(
  path: string,
  { required, optional = [] }: CsvColumns,
  record?: CsvRecord,
): CsvHeader {
  const names = (record?.fields ?? []).map((name) => name.trim());
  const allowed = [...required, ...optional];
  const faults = [
    ...required.filter((name) => !names.includes(name)).map((name) => `column “${name}” is missing`),
    ...names.filter((name) => !allowed.includes(name)).map((name) => `column “${name}” is unknown`),
    ...allowed
      .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
      .map((name) => `column “${name}” stands twice`),
  ];
  if (faults.length > 0)
    throw new CommandError(`${path}: ${faults.join(', ')}. The columns are ${allowed.join(', ')}`);
  const places = allowed.map((name) => names.indexOf(name));
  const order = (fields: string[]) => places.map((place) => fields[place]?.trim() ?? '');
  return { names, order: (fields) => (fields.length === names.length ? order(fields) : undefined) };
}

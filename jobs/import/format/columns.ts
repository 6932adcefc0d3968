import type { CallFormat } from './schema';
import { toArray, type TextValue } from './values/value-schemas';

type Columned = TextValue | { column?: string | number | undefined };

const toColumns = (value: Columned): (string | number)[] =>
  typeof value === 'object' ? (value.column === undefined ? [] : [value.column]) : [value];

const listColumns = (values: Columned | Columned[] | undefined): (string | number)[] =>
  toArray(values as Columned | undefined).flatMap(toColumns);

/** What a call cannot do without: of each the columns, one of which must be there. Constants need none. */
export function listNeededColumns(format: CallFormat): (string | number)[][] {
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
    ...format.ignored,
    ...format.answered,
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
    ...(pairs ? [...pairs.by, ...(pairs.by_either_order ?? [])] : []),
  ];
  return [...new Set(values.flatMap(toColumns).filter((column) => typeof column === 'string'))];
}

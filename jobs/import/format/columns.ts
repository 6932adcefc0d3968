import type { CallFormat } from './schema';
import { listOf, type TextValue } from './values/value-schemas';

type Columned = TextValue | { column?: string | number | undefined };

const columnOf = (value: Columned): (string | number)[] =>
  typeof value === 'object' ? (value.column === undefined ? [] : [value.column]) : [value];

const columnsOf = (values: Columned | Columned[] | undefined): (string | number)[] =>
  listOf(values as Columned | undefined).flatMap(columnOf);

/** What a call cannot do without: of each the columns, one of which must be there. Constants need none. */
export function neededColumns(format: CallFormat): (string | number)[][] {
  const { caller, called, number, direction, other_number, started_at, duration, ended_at } = format;
  return [
    columnsOf(caller?.names ?? caller?.number),
    columnsOf(called?.number),
    ...[number, direction, other_number, started_at].map((values) => columnsOf(values)),
    [...columnsOf(duration), ...columnsOf(ended_at)],
  ].filter((columns) => columns.length > 0);
}

/** The names of all columns that the format takes something from, each once. */
export function usedColumns(format: CallFormat): string[] {
  const { pairs, caller, called } = format;
  const conditions = [
    ...format.ignored,
    ...format.answered,
    ...(pairs ? [pairs.first, pairs.last] : []),
  ].flatMap(({ of }) => of);
  const times = [...listOf(format.started_at), ...listOf(format.ended_at)];
  const values: Columned[] = [
    ...conditions,
    ...format.id,
    ...[caller, called].flatMap((side) => [...listOf(side?.number), ...(side?.names ?? [])]),
    ...[format.number, format.direction, format.other_number].flatMap((value) => listOf(value)),
    ...[format.area, format.line_class, format.call_type].flatMap((value) => listOf(value)),
    ...times,
    ...times.flatMap(({ plus, minus }) => [plus, minus].filter((value) => value !== undefined)),
    ...listOf(format.duration),
    ...listOf(format.charge),
    ...(pairs ? [...pairs.by, ...(pairs.by_either_order ?? [])] : []),
  ];
  return [...new Set(values.flatMap(columnOf).filter((column) => typeof column === 'string'))];
}

import { type AmountReader, compileDuration } from './amount-reader';
import { compileSource, type FindColumn } from '../field-reader';
import { toArray, type TimeValue } from './value-schemas';
import { LineRejection } from '../../line-rejection';
import { type ParsedTime, createTimeReader } from './time-pattern';

/** Reads the first of some times that is there; undefined where none is. A LineRejection refuses it. */
export type RecordTimeReader = (fields: string[], zone: string) => ParsedTime | undefined;

/** `name` is what the reason of a rejection calls it. */
export function compileTime(name: string, values: TimeValue[], findColumn: FindColumn): RecordTimeReader {
  const readers = values.flatMap((value) => compileOneTime(name, value, findColumn) ?? []);
  return (fields, zone) => {
    for (const read of readers) {
      const time = read(fields, zone);
      if (time) return time;
    }
    return undefined;
  };
}

function compileOneTime(
  name: string,
  value: TimeValue,
  findColumn: FindColumn,
): RecordTimeReader | undefined {
  const source = compileSource(value, findColumn);
  if (!source) return undefined;
  const patterns = toArray(value.time);
  const read = createTimeReader(patterns);
  const readShift = compileShift(value, findColumn);
  return (fields, zone) => {
    const text = source(fields);
    if (text === '') return undefined;
    const time = read(text, zone);
    if (time) return readShift ? { ...time, tenths: time.tenths + readShift(fields) } : time;
    throw new LineRejection(
      `${name}: ${text} is not a time${formatZoneNote(patterns, zone)} (${patterns.join(' or ')})`,
    );
  };
}

const formatZoneNote = (patterns: string[], zone: string): string =>
  patterns.every((pattern) => pattern.includes('Z')) ? ' with its zone' : ` in ${zone}`;

/** How much later than it says, in 0.1 s. */
function compileShift(
  { plus, minus }: TimeValue,
  findColumn: FindColumn,
): ((fields: string[]) => number) | undefined {
  if (!plus && !minus) return undefined;
  const compileAmount = (value: typeof plus): AmountReader => compileDuration(toArray(value), findColumn);
  const [more, less] = [compileAmount(plus), compileAmount(minus)];
  return (fields) => (more(fields) ?? 0) - (less(fields) ?? 0);
}

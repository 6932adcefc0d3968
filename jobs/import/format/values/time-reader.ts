import { type AmountReader, compileDuration } from './amount-reader';
import { compileSource, type PlaceOf } from '../field-reader';
import { listOf, type TimeValue } from './value-schemas';
import { LineRejection } from '../../line-rejection';
import { type ReadTime, timeReader } from './time-pattern';

/** Reads the first of some times that is there; undefined where none is. A LineRejection refuses it. */
export type RecordTimeReader = (fields: string[], zone: string) => ReadTime | undefined;

/** `name` is what the reason of a rejection calls it. */
export function compileTime(name: string, values: TimeValue[], placeOf: PlaceOf): RecordTimeReader {
  const readers = values.flatMap((value) => oneTime(name, value, placeOf) ?? []);
  return (fields, zone) => {
    for (const read of readers) {
      const time = read(fields, zone);
      if (time) return time;
    }
    return undefined;
  };
}

function oneTime(name: string, value: TimeValue, placeOf: PlaceOf): RecordTimeReader | undefined {
  const source = compileSource(value, placeOf);
  if (!source) return undefined;
  const patterns = listOf(value.time);
  const read = timeReader(patterns);
  const later = shiftOf(value, placeOf);
  return (fields, zone) => {
    const text = source(fields);
    if (text === '') return undefined;
    const time = read(text, zone);
    if (time) return later ? { ...time, tenths: time.tenths + later(fields) } : time;
    throw new LineRejection(
      `${name}: ${text} is not a time${zoneNote(patterns, zone)} (${patterns.join(' or ')})`,
    );
  };
}

const zoneNote = (patterns: string[], zone: string): string =>
  patterns.every((pattern) => pattern.includes('Z')) ? ' with its zone' : ` in ${zone}`;

/** How much later than it says, in 0.1 s. */
function shiftOf({ plus, minus }: TimeValue, placeOf: PlaceOf): ((fields: string[]) => number) | undefined {
  if (!plus && !minus) return undefined;
  const amountOf = (value: typeof plus): AmountReader => compileDuration(listOf(value), placeOf);
  const [more, less] = [amountOf(plus), amountOf(minus)];
  return (fields) => (more(fields) ?? 0) - (less(fields) ?? 0);
}

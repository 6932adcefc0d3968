import { checkDuration, compileDuration } from '../format/values/amount-reader';
import type { FindColumn } from '../format/field-reader';
import type { CallFormat } from '../format/schema';
import { toArray } from '../format/values/value-schemas';
import { LineRejection } from '../line-rejection';
import type { ParsedTime } from '../format/values/time-pattern';
import { compileTime } from '../format/values/time-reader';

/** When a call began (0.1 s since the epoch), and how long it took (0.1 s). */
export interface CallTimes {
  started_at: number;
  duration: number;
}

/** A LineRejection refuses times that are missing or wrong, or that the duration contradicts. */
export type CallTimesReader = (fields: string[], zone: string) => CallTimes;

export function compileCallTimes(format: CallFormat, findColumn: FindColumn): CallTimesReader {
  const readStart = compileTime('started_at', toArray(format.started_at), findColumn);
  const readEnd = format.ended_at && compileTime('ended_at', toArray(format.ended_at), findColumn);
  const readDuration = compileDuration(toArray(format.duration), findColumn);
  const tolerance = format.tolerance_seconds * 10;
  return (fields, zone) => {
    const begun = readStart(fields, zone);
    if (!begun) throw new LineRejection('started_at: (empty) is not a time with its zone');
    const { tenths: started_at } = begun;
    const ended = readEnd?.(fields, zone);
    const duration = readDuration(fields);
    if (ended) return { started_at, duration: reconcileDuration(begun, ended, duration, tolerance) };
    if (duration === undefined) throw new LineRejection('duration: (empty) is not a number of seconds');
    return { started_at, duration };
  };
}

/** Times that are written in seconds or minutes may be that much further apart than they say. */
function reconcileDuration(
  begun: ParsedTime,
  ended: ParsedTime,
  duration: number | undefined,
  tolerance: number,
): number {
  const between = ended.tenths - begun.tenths;
  if (duration === undefined && between < 0) throw new LineRejection('ended_at: before the start');
  if (duration === undefined) return checkDuration(between, `${between / 10} s`);
  const allowed = tolerance + Math.max(begun.resolution, ended.resolution);
  if (Math.abs(between - duration) > allowed)
    throw new LineRejection(`duration: ${duration / 10} s, but from start to end it is ${between / 10} s`);
  return duration;
}

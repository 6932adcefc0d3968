import { z } from 'zod';
import { rememberLast } from '../../../../lib/values/remember-last';
import { LineRejection } from '../../source/rejected-lines';
import { type AmountReader, compileDuration, durationSchema } from './amount';
import {
  compileSource,
  type FindColumn,
  hasOneSource,
  ONE_SOURCE,
  oneOrMore,
  readDigits,
  sourceKeys,
  toArray,
} from './text';
import { toInstant } from './timezone';

const timePattern = z.string().refine(isTimePattern, {
  error: 'seconds, milliseconds or microseconds, or a pattern such as yyyy-MM-dd HH:mm:ss[.S]',
});

export const timeSchema = z
  .strictObject({
    ...sourceKeys,
    time: oneOrMore(timePattern),
    plus: durationSchema.optional(),
    minus: durationSchema.optional(),
  })
  .refine(hasOneSource, ONE_SOURCE);

type TimeValue = z.infer<typeof timeSchema>;

/** Reads the first of some times that a record has; undefined if it has none. A LineRejection refuses it. */
export type RecordTimeReader = (fields: string[], zone: string) => ParsedTime | undefined;

/** `name` is what the reason of a rejection calls the field. */
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

/** How much later than it says the time is, in 0.1 s. */
function compileShift(
  { plus, minus }: TimeValue,
  findColumn: FindColumn,
): ((fields: string[]) => number) | undefined {
  if (!plus && !minus) return undefined;
  const compileAmount = (value: typeof plus): AmountReader => compileDuration(toArray(value), findColumn);
  const [more, less] = [compileAmount(plus), compileAmount(minus)];
  return (fields) => (more(fields) ?? 0) - (less(fields) ?? 0);
}

/** An instant in 0.1 s since the epoch, and how finely it was written (600: minutes only). */
export interface ParsedTime {
  tenths: number;
  resolution: number;
}

/** Reads a text; undefined if it is no such time. The zone is for times that are written without one. */
export type TimeReader = (text: string, zone: string) => ParsedTime | undefined;

/** Units of 0.1 s in the units of an epoch. */
const EPOCHS: Record<string, number> = { seconds: 10, milliseconds: 0.01, microseconds: 0.00001 };

/** The letters of a pattern as regular expressions. Other characters stand for themselves, [ ] for an optional part. */
const TOKENS: Record<string, string> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d)',
  M: '(?<month>\\d\\d?)',
  dd: '(?<day>\\d\\d)',
  d: '(?<day>\\d\\d?)',
  HH: '(?<hour>\\d\\d)',
  H: '(?<hour>\\d\\d?)',
  h: '(?<hour>\\d\\d?)',
  mm: '(?<minute>\\d\\d)',
  ss: '(?<second>\\d\\d)',
  S: '(?<fraction>\\d)\\d*',
  a: '(?<half>[AaPp])[Mm]',
  Z: '(?<offset>Z|UTC|GMT|[+-]\\d\\d:?[0-5]\\d)',
  z: '[A-Z]{1,5}',
};
const TOKEN = /yyyy|MM?|dd?|HH?|h|mm|ss|S|a|Z|z|\[|\]|[^]/g;
const FIRST_YEAR = 1980;

function toRegExpSource(pattern: string): string {
  const parts = pattern.match(TOKEN) ?? [];
  return parts
    .map((part) => {
      if (part === '[') return '(?:';
      if (part === ']') return ')?';
      return TOKENS[part] ?? part.replace(/[.*+?^${}()|\\/]/g, '\\$&').replace('\\.', '[.,]');
    })
    .join('');
}

/** Whether the pattern can be read: it has year, month, day, hour and minute, each once. */
export function isTimePattern(pattern: string): boolean {
  if (pattern in EPOCHS) return true;
  try {
    const source = toRegExpSource(pattern);
    new RegExp(source);
    return ['year', 'month', 'day', 'hour', 'minute'].every((name) => source.includes(`<${name}>`));
  } catch {
    return false;
  }
}

/**
 * A reader for the first that fits of patterns such as `yyyy-MM-dd HH:mm:ss[.S]`, or of seconds, milliseconds or
 * microseconds since the epoch.
 */
export function createTimeReader(patterns: readonly string[]): TimeReader {
  const readers = patterns.map(createPatternReader);
  return (text, zone) => {
    for (const read of readers) {
      const time = read(text, zone);
      if (time) return time;
    }
    return undefined;
  };
}

function createPatternReader(pattern: string): TimeReader {
  const scale = EPOCHS[pattern];
  if (scale !== undefined) return (text) => readEpoch(text, scale);
  const source = toRegExpSource(pattern);
  // Groups are read by place: building the object of named groups for every text takes longer than the match.
  const names = [...source.matchAll(/\?<(\w+)>/g)].map(([, name]) => name);
  const places = Object.fromEntries(PARTS.map((name) => [name, names.indexOf(name) + 1])) as Places;
  const expression = new RegExp(`^${source.replace(/\?<\w+>/g, '')}$`);
  return (text, zone) => {
    const parts = expression.exec(text);
    return parts ? readParts(parts, places, zone) : undefined;
  };
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction', 'half', 'offset'] as const;

/** Places of the parts of a time in the match; 0 for those that the pattern does not have. */
type Places = Record<(typeof PARTS)[number], number>;

function readEpoch(text: string, scale: number): ParsedTime | undefined {
  if (!/^\d{1,17}(\.\d+)?$/.test(text)) return undefined;
  const tenths = Math.floor(Number(text) * scale);
  const isWhole = scale === EPOCHS.seconds && !text.includes('.');
  return tenths >= Date.UTC(FIRST_YEAR, 0) / 100 ? { tenths, resolution: isWhole ? 10 : 1 } : undefined;
}

function readParts(parts: RegExpExecArray, places: Places, zone: string): ParsedTime | undefined {
  const day = parseDay(parts[places.year] ?? '', parts[places.month] ?? '', parts[places.day] ?? '');
  const hour = toHour24(getNumberAt(parts, places.hour), getPartAt(parts, places.half));
  const minute = getNumberAt(parts, places.minute);
  const offset = getPartAt(parts, places.offset);
  const second = getNumberAt(parts, places.second);
  if (day === undefined || hour >= 24 || minute >= 60 || second >= 60) return undefined;
  const local = day + hour * 36_000 + minute * 600 + second * 10 + getNumberAt(parts, places.fraction);
  const tenths = offset === undefined ? toInstant(local, zone) : applyOffset(local, offset);
  if (tenths === undefined) return undefined;
  return { tenths, resolution: getResolution(parts, places) };
}

function getResolution(parts: RegExpExecArray, { second, fraction }: Places): number {
  if (getPartAt(parts, second) === undefined) return 600;
  return getPartAt(parts, fraction) === undefined ? 10 : 1;
}

/** 0 if the text does not have this part. */
const getNumberAt = (parts: RegExpExecArray, place: number): number =>
  readDigits(getPartAt(parts, place) ?? '');

const getPartAt = (parts: RegExpExecArray, place: number): string | undefined =>
  place === 0 ? undefined : parts[place];

/** The beginning of a day as if it were one of UTC, in 0.1 s; undefined if there is no such day. */
function parseDay(year: string, month: string, day: string): number | undefined {
  // Usually the same day as in the previous record.
  if (day !== lastDay.day || month !== lastDay.month || year !== lastDay.year)
    lastDay = { year, month, day, tenths: toDayTenths(Number(year), Number(month), Number(day)) };
  return lastDay.tenths;
}

let lastDay: { year: string; month: string; day: string; tenths?: number | undefined } = {
  year: '',
  month: '',
  day: '',
};

function toDayTenths(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= FIRST_YEAR && date.getUTCMonth() === month - 1 ? date.getTime() / 100 : undefined;
}

/** 24 or more if it is no hour. */
function toHour24(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return 24;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function applyOffset(local: number, zone: string): number | undefined {
  const offset = getOffset(zone);
  return offset === undefined ? undefined : local - offset;
}

const getOffset = rememberLast(parseOffset, 'Z');

/** The offset in 0.1 s; undefined if no place on earth is so far ahead or behind. */
function parseOffset(zone: string): number | undefined {
  const parts = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return minutes <= 14 * 60 ? (parts[1] === '-' ? -minutes : minutes) * 600 : undefined;
}

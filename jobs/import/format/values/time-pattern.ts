import { parseDigits } from '../../../../lib/values/ascii';
import { toInstant } from './timezone';

/** An instant in 0.1 s since the epoch, and how finely it was written (600: minutes only). */
export interface ParsedTime {
  tenths: number;
  resolution: number;
}

/** Reads a text; undefined where it is no such time. The zone is for times that are written without one. */
export type TimeReader = (text: string, zone: string) => ParsedTime | undefined;

/** Units of 0.1 s, as an epoch is written. */
const EPOCHS: Record<string, number> = { seconds: 10, milliseconds: 0.01, microseconds: 0.00001 };

/** Letters of a pattern, as regular expressions. All else stands for itself, [ ] for what may be missing. */
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
  Z: '(?<zone>Z|UTC|GMT|[+-]\\d\\d:?[0-5]\\d)',
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

/** Whether it can be read: with year, month, day, hour and minute, each once. */
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
 * A reader for the first that fits of `yyyy-MM-dd HH:mm:ss[.S]` and the like, and of seconds, milliseconds or
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
  // By their places: to name the groups anew for every text takes longer than to find them.
  const names = [...source.matchAll(/\?<(\w+)>/g)].map(([, name]) => name);
  const [year, month, day, hour, minute, second, fraction, half, offset] = PARTS.map(
    (name) => names.indexOf(name) + 1,
  );
  const places = { year, month, day, hour, minute, second, fraction, half, offset } as Places;
  const expression = new RegExp(`^${source.replace(/\?<\w+>/g, '')}$`);
  return (text, zone) => {
    const parts = expression.exec(text);
    return parts ? readParts(parts, places, zone) : undefined;
  };
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction', 'half', 'zone'];

/** Where the parts of a time stand in what the expression finds; 0 for those that the pattern does not have. */
type Places = Record<
  'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'half' | 'offset',
  number
>;

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

/** 0 where the text does not have it. */
function getNumberAt(parts: RegExpExecArray, place: number): number {
  const digits = getPartAt(parts, place) ?? '';
  return parseDigits(digits, 0, digits.length);
}

const getPartAt = (parts: RegExpExecArray, place: number): string | undefined =>
  place === 0 ? undefined : parts[place];

/** The beginning of a day as if it were one of UTC, in 0.1 s; undefined where there is no such day. */
function parseDay(year: string, month: string, day: string): number | undefined {
  // Seldom another one than that of the record before.
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

/** 24 and above is no hour. */
function toHour24(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return 24;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function applyOffset(local: number, zone: string): number | undefined {
  // Seldom another one than that of the record before.
  if (zone !== lastOffset.zone) lastOffset = { zone, tenths: parseOffset(zone) };
  return lastOffset.tenths === undefined ? undefined : local - lastOffset.tenths;
}

let lastOffset: { zone: string; tenths: number | undefined } = { zone: 'Z', tenths: 0 };

/** In 0.1 s; undefined where no place on earth is so far ahead or behind. */
function parseOffset(zone: string): number | undefined {
  const parts = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return minutes <= 14 * 60 ? (parts[1] === '-' ? -minutes : minutes) * 600 : undefined;
}

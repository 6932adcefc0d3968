/** A date and a time of day as numbers of their place, whatever the zone. */
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d)\d*)?/;
const ZONE = /^(?:Z|([+-])(\d\d):?([0-5]\d))$/;
const FIRST_YEAR = 1980;

/**
 * 0.1 s since the epoch from a time with its zone, `2015-05-01T20:12:21.5+09:00`; what is finer is cut off.
 * Undefined where the day or the time does not exist, or the zone is missing.
 */
export function parseInstant(text: string): number | undefined {
  const local = readLocal(text);
  const zone = local && ZONE.exec(text.slice(local.length));
  if (!zone) return undefined;
  const minutes = Number(zone[2] ?? 0) * 60 + Number(zone[3] ?? 0);
  return minutes <= 14 * 60 ? local.tenths - (zone[1] === '-' ? -minutes : minutes) * 600 : undefined;
}

/** 0.1 s since the epoch from a switch's local time, `2023-07-26 01:51:32`, in this zone. */
export function parseLocalTime(text: string, timezone: string): number | undefined {
  const local = readLocal(text);
  return local?.length === text.length ? localToInstant(local.tenths, timezone) : undefined;
}

/** The instant of a zone's local time, which is given as if it were UTC; both in 0.1 s. */
export function localToInstant(local: number, timezone: string): number | undefined {
  const guess = local - offsetAt(local, timezone);
  const tenths = local - offsetAt(guess, timezone);
  // In the hour that a clock leaps over in spring no offset leads back to the time that was written.
  return tenths + offsetAt(tenths, timezone) === local ? tenths : undefined;
}

/** The time as if it were UTC, in 0.1 s, and how much of the text it takes. */
function readLocal(text: string): { tenths: number; length: number } | undefined {
  const parts = LOCAL.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal =
    year >= FIRST_YEAR && date.getUTCMonth() === month - 1 && hour < 24 && minute < 60 && second < 60;
  return isReal
    ? { tenths: date.getTime() / 100 + Number(parts[7] ?? 0), length: parts[0].length }
    : undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const QUARTER_TENTHS = 9000;
const MOST_OFFSETS = 10_000;

/** How far a zone is ahead of UTC at an instant, both in 0.1 s. Clocks change at quarters of an hour. */
function offsetAt(tenths: number, timezone: string): number {
  const quarter = Math.floor(tenths / QUARTER_TENTHS) * QUARTER_TENTHS;
  const key = `${timezone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = lookUpOffset(quarter, timezone);
    if (offsets.size >= MOST_OFFSETS) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

function lookUpOffset(tenths: number, timezone: string): number {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timezone, format);
  }
  return (readLocal(format.format(tenths * 100))?.tenths ?? tenths) - tenths;
}

/** Whether this machine knows a zone by this name. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('sv', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

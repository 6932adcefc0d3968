const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const QUARTER_TENTHS = 9000;
const MAX_OFFSETS = 10_000;

/** The instant of a zone's local time, which is given as if it were UTC; both in 0.1 s. Undefined if there is no such time. */
export function toInstant(local: number, timezone: string): number | undefined {
  const guess = local - getOffset(local, timezone);
  const tenths = local - getOffset(guess, timezone);
  // No offset leads back to a local time within the hour that clocks skip in spring.
  return tenths + getOffset(tenths, timezone) === local ? tenths : undefined;
}

/** How far a zone is ahead of UTC at an instant, both in 0.1 s. Clocks change at quarters of an hour. */
function getOffset(tenths: number, timezone: string): number {
  const quarter = Math.floor(tenths / QUARTER_TENTHS) * QUARTER_TENTHS;
  const key = `${timezone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = lookUpOffset(quarter, timezone);
    if (offsets.size >= MAX_OFFSETS) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

function lookUpOffset(tenths: number, timezone: string): number {
  let format = formats.get(timezone);
  if (!format) {
    // Sweden writes as ISO 8601 does: 2023-07-26 01:51:32.
    format = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timezone, format);
  }
  return Date.parse(`${format.format(tenths * 100)}Z`) / 100 - tenths;
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

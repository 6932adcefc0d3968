/** Japan Standard Time, which has no summer time. Instants are 0.1 s since the epoch. */

export const TENTHS_OF_HOUR = 36_000;
export const TENTHS_OF_DAY = 24 * TENTHS_OF_HOUR;
/** Offset of Japan's time from UTC. */
export const JST_TENTHS = 9 * TENTHS_OF_HOUR;

/** Days since the epoch as Japan counts them. */
export const toJstDay = (tenths: number): number => Math.floor((tenths + JST_TENTHS) / TENTHS_OF_DAY);

/** The instant at which such a day begins. */
export const getDayStart = (day: number): number => day * TENTHS_OF_DAY - JST_TENTHS;

const DAY_MS = TENTHS_OF_DAY * 100;

/** The day of a date in Japan, `2017-11-05`. */
export const parseDay = (date: string): number => Date.parse(date) / DAY_MS;

/** `2017-11-05` from a day. */
export const formatDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

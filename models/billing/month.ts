import { JST_TENTHS, toJstDay } from '../../lib/values/jst';

/** A billing month as an integer: 201711. Its borders are midnights of Japan Standard Time. */
export type BillingMonth = number;

/** 0.1 s since the epoch at which a month begins in Japan. */
export function getMonthStart(month: BillingMonth): number {
  return Date.UTC(Math.floor(month / 100), (month % 100) - 1) / 100 - JST_TENTHS;
}

/** The first and the last day of a month, as toJstDay() counts them. */
export const getMonthDays = (month: BillingMonth): { first_day: number; last_day: number } => ({
  first_day: toJstDay(getMonthStart(month)),
  last_day: toJstDay(getMonthStart(addMonths(month))) - 1,
});

export function addMonths(month: BillingMonth, months = 1): BillingMonth {
  const index = Math.floor(month / 100) * 12 + (month % 100) - 1 + months;
  return Math.floor(index / 12) * 100 + (index % 12) + 1;
}

/** The month in which an instant (0.1 s since the epoch) lies. */
export function getMonthAt(tenths: number): BillingMonth {
  // Usually the same month as that of the call before.
  if (tenths < lastMonth.start || tenths >= lastMonth.end) lastMonth = getMonthBounds(tenths);
  return lastMonth.month;
}

function getMonthBounds(tenths: number): { month: BillingMonth; start: number; end: number } {
  const jst = new Date((tenths + JST_TENTHS) * 100);
  const month = jst.getUTCFullYear() * 100 + jst.getUTCMonth() + 1;
  return { month, start: getMonthStart(month), end: getMonthStart(addMonths(month)) };
}

let lastMonth = { month: 0, start: 0, end: 0 };

/**
 * The billing month of a call: the month in which it ends, where an end at exactly 00:00:00.0 is still the old
 * month. A counted call (番号案内) belongs to the month of its start.
 */
export function getBillingMonth(start: number, duration: number, counted: boolean): BillingMonth {
  return counted ? getMonthAt(start) : getMonthAt(start + duration - 1);
}

/** The months before the one of `time` (milliseconds), the previous first. */
export function listPastMonths(time: number, count: number): BillingMonth[] {
  const current = getMonthAt(Math.floor(time / 100));
  return Array.from({ length: count }, (_, index) => addMonths(current, -1 - index));
}

/** The month of a day in Japan, `2017-11-05`. */
export const getMonthOfDate = (date: string): BillingMonth => Number(date.slice(0, 4) + date.slice(5, 7));

/** Reads `201711` out of an address; undefined for anything else. */
export function parseMonth(text: string | undefined): BillingMonth | undefined {
  return text && /^[12]\d{3}(0[1-9]|1[0-2])$/.test(text) ? Number(text) : undefined;
}

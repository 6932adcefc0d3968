/** A moment of Japan's civil time: 0.1 s since 1970-01-01 00:00:00.0 JST. */
export type Moment = number;

/** A month as a number: 201711. */
export type Month = number;

const HOUR = 36_000;
const DAY = 24 * HOUR;
const WEEKDAYS = ['木', '金', '土', '日', '月', '火', '水'];

export interface CivilTime {
  year: number;
  month: number;
  day: number;
  weekday: string;
  hour: number;
  minute: number;
  second: number;
  tenth: number;
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export function countDaysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The moment of `2017-11-05`, `2017-11-05 10:00:00` or `2017-11-05 10:00:00.5`, in Japan. */
export function readMoment(text: string): Moment {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, tenth = 0] = text
    .split(/[- :.T]/)
    .map(Number);
  let days = day - 1;
  for (let before = 1970; before < year; before += 1) days += isLeapYear(before) ? 366 : 365;
  for (let before = 1; before < month; before += 1) days += countDaysInMonth(year, before);
  return days * DAY + hour * HOUR + minute * 600 + second * 10 + tenth;
}

export function toCivilTime(moment: Moment): CivilTime {
  const allDays = Math.floor(moment / DAY);
  const rest = moment - allDays * DAY;
  let [year, month, day] = [1970, 1, allDays + 1];
  for (let days = 365; day > days; days = isLeapYear(year) ? 366 : 365) [year, day] = [year + 1, day - days];
  for (let days = 31; day > days; days = countDaysInMonth(year, month))
    [month, day] = [month + 1, day - days];
  return {
    ...{ year, month, day, weekday: WEEKDAYS[allDays % 7] ?? '' },
    ...{ hour: Math.floor(rest / HOUR), minute: Math.floor(rest / 600) % 60 },
    ...{ second: Math.floor(rest / 10) % 60, tenth: rest % 10 },
  };
}

export const padTwo = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** 2017-11-05 */
export function writeDay(moment: Moment): string {
  const { year, month, day } = toCivilTime(moment);
  return `${year}-${padTwo(month)}-${padTwo(day)}`;
}

/** 10:00:00.5 */
export function writeClock(moment: Moment): string {
  const { hour, minute, second, tenth } = toCivilTime(moment);
  return `${padTwo(hour)}:${padTwo(minute)}:${padTwo(second)}.${tenth}`;
}

export function getMonth(moment: Moment): Month {
  const { year, month } = toCivilTime(moment);
  return year * 100 + month;
}

export const getPreviousMonth = (month: Month): Month => (month % 100 === 1 ? month - 89 : month - 1);

/** The first day of a month, as 2017-11-01. */
export const getFirstDay = (month: Month): string => `${Math.floor(month / 100)}-${padTwo(month % 100)}-01`;

/** The last day of a month, as 2017-11-30. */
export const getLastDay = (month: Month): string =>
  `${getFirstDay(month).slice(0, 8)}${countDaysInMonth(Math.floor(month / 100), month % 100)}`;

/** The months before the one of `now`, the previous first. */
export function listMonthsBefore(now: Moment, count: number): Month[] {
  const months: Month[] = [];
  let month = getMonth(now);
  while (months.length < count) {
    month = getPreviousMonth(month);
    months.push(month);
  }
  return months;
}

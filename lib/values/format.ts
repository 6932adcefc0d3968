import { JST_TENTHS, TENTHS_OF_HOUR } from './jst';

/** How money, times and sizes are written on the screens. All views get these functions. */

const JST_MS = JST_TENTHS * 100;
const WEEKDAYS = '日月火水木金土';

const padTwo = (value: number): string => String(value).padStart(2, '0');

/** The fields of an instant (milliseconds) in Japan, readable by the getUTC… functions. */
const toJapanTime = (milliseconds: number): Date => new Date(milliseconds + JST_MS);

/** 1,096, from a whole number that is not negative. A page of calls has hundreds: twice as quick as a regular expression. */
export function count(value: number): string {
  let text = String(value);
  for (let at = text.length - 3; at > 0; at -= 3) text = `${text.slice(0, at)},${text.slice(at)}`;
  return text;
}

/** 1,928円 from 1/100 yen, the fraction cut off. */
export const yen = (sen: number): string =>
  `${sen <= -100 ? '-' : ''}${count(Math.floor(Math.abs(sen) / 100))}円`;

/** 1,928 from 1/100 yen, for columns headed (円). */
export const yenFigure = (sen: number): string => yen(sen).slice(0, -1);

/** 1928.50 from 1/100 yen; with fewer decimals for an amount that is rounded to them. */
export function yenDecimal(
  sen: number,
  decimals: 0 | 1 | 2 = 2,
  formatWhole: (value: number) => string = String,
): string {
  const whole = Math.abs(sen);
  const fraction = padTwo(whole % 100).slice(0, decimals);
  return `${sen < 0 ? '-' : ''}${formatWhole(Math.floor(whole / 100))}${fraction && '.'}${fraction}`;
}

/** 1,928.50円 from 1/100 yen. */
export const yenExact = (sen: number): string => `${yenDecimal(sen, 2, count)}円`;

/** 2010年11月15日 from 2010-11-15 */
export function dateLabel(date: string): string {
  const [year, month, day] = date.split('-');
  return `${year}年${month}月${day}日`;
}

/** 2011年04月05日 from 0.1 s since the epoch */
export const jstDate = (tenths: number): string =>
  dateLabel(
    toJapanTime(tenths * 100)
      .toISOString()
      .slice(0, 10),
  );

/** 11月05日 from 2017-11-05 */
export const dayLabel = (date: string): string => dateLabel(date).slice(5);

/** 2017年12月05日 13時20分 from milliseconds */
export function timeLabel(milliseconds: number): string {
  const jst = toJapanTime(milliseconds);
  return `${dateLabel(jst.toISOString().slice(0, 10))} ${padTwo(jst.getUTCHours())}時${padTwo(jst.getUTCMinutes())}分`;
}

/** 13時20分05秒 from milliseconds */
export function clockLabel(milliseconds: number): string {
  const jst = toJapanTime(milliseconds);
  return `${padTwo(jst.getUTCHours())}時${padTwo(jst.getUTCMinutes())}分${padTwo(jst.getUTCSeconds())}秒`;
}

/** 05/01(金)20時12分21.5秒 from 0.1 s since the epoch */
export function callStart(tenths: number): string {
  const jst = toJapanTime(tenths * 100);
  const day = `${padTwo(jst.getUTCMonth() + 1)}/${padTwo(jst.getUTCDate())}(${WEEKDAYS.charAt(jst.getUTCDay())})`;
  return `${day}${padTwo(jst.getUTCHours())}時${padTwo(jst.getUTCMinutes())}分${padTwo(jst.getUTCSeconds())}.${tenths % 10}秒`;
}

/** 0時間01分06.0秒 from 0.1 s */
export function callDuration(tenths: number): string {
  const { hours, minutes, seconds } = splitDuration(tenths);
  return `${hours}時間${minutes}分${seconds}秒`;
}

/** 28:49:53.5 from 0.1 s; hours run past 24 */
export function clockDuration(tenths: number): string {
  const { hours, minutes, seconds } = splitDuration(tenths);
  return `${hours}:${minutes}:${seconds}`;
}

function splitDuration(tenths: number) {
  return {
    hours: Math.floor(tenths / TENTHS_OF_HOUR),
    minutes: padTwo(Math.floor(tenths / 600) % 60),
    seconds: `${padTwo(Math.floor(tenths / 10) % 60)}.${tenths % 10}`,
  };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** 25秒, 約9分 or 約23時間 from milliseconds, rounded up: after so long a retry is not refused again. */
export function waitLabel(milliseconds: number): string {
  if (milliseconds <= MINUTE_MS) return `${Math.max(1, Math.ceil(milliseconds / 1000))}秒`;
  if (milliseconds <= HOUR_MS) return `約${Math.ceil(milliseconds / MINUTE_MS)}分`;
  return `約${Math.ceil(milliseconds / HOUR_MS)}時間`;
}

const SIZE_UNITS = ['KB', 'MB', 'GB', 'TB'];

/** 1.2GB, 18.6MB, 512.0KB, 88バイト */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes}バイト`;
  const sizes = SIZE_UNITS.map((unit, index) => ({ unit, size: (bytes / 1000 ** (index + 1)).toFixed(1) }));
  // Compare the rounded size: 999,950 bytes are 1.0MB, not 1000.0KB.
  const { size = '', unit = '' } = sizes.find((one) => Number(one.size) < 1000) ?? sizes.at(-1) ?? {};
  return size + unit;
}

import { getFirstDay, getLastDay, type Moment, type Month, padTwo, toCivilTime } from './civil-time';

/** How the guide writes amounts, times and durations. Amounts are 1/100 yen, durations 0.1 s. */

/** 1,096 */
export function writeCount(value: number): string {
  const groups: string[] = [];
  let rest = String(value);
  while (rest.length > 3) {
    groups.unshift(rest.slice(-3));
    rest = rest.slice(0, -3);
  }
  return [rest, ...groups].join(',');
}

/** Splits 1/100 yen into whole yen and the two decimals. */
function splitYen(sen: number): { whole: number; decimals: string } {
  const digits = String(sen).padStart(3, '0');
  return { whole: Number(digits.slice(0, -2)), decimals: digits.slice(-2) };
}

/** 1,928 from 192850: the fraction is cut off. */
export const writeWholeYen = (sen: number): string => writeCount(splitYen(sen).whole);

/** 1928.50 */
export function writeYen(sen: number): string {
  const { whole, decimals } = splitYen(sen);
  return `${whole}.${decimals}`;
}

/** 1,928.50円 */
export function writeYenOnPage(sen: number): string {
  const { whole, decimals } = splitYen(sen);
  return `${writeCount(whole)}.${decimals}円`;
}

/** Six bytes at most: two decimals, else one, else none, rounded half up. */
export function writeYenInSixBytes(sen: number): string {
  const exact = writeYen(sen);
  if (exact.length <= 6) return exact;
  const oneDecimal = String(Math.floor((sen + 5) / 10)).padStart(2, '0');
  const shorter = `${oneDecimal.slice(0, -1)}.${oneDecimal.slice(-1)}`;
  return shorter.length <= 6 ? shorter : String(Math.floor((sen + 50) / 100));
}

function splitDuration(tenths: number) {
  let [hours, minutes, rest] = [0, 0, tenths];
  for (; rest >= 36_000; rest -= 36_000) hours += 1;
  for (; rest >= 600; rest -= 600) minutes += 1;
  return { hours, minutes: padTwo(minutes), seconds: padTwo(Math.floor(rest / 10)), tenth: rest % 10 };
}

/** 28:49:53.5; hours run past 24. */
export function writeDuration(tenths: number): string {
  const { hours, minutes, seconds, tenth } = splitDuration(tenths);
  return `${hours}:${minutes}:${seconds}.${tenth}`;
}

/** 0時間01分06.0秒 */
export function writeDurationOnPage(tenths: number): string {
  const { hours, minutes, seconds, tenth } = splitDuration(tenths);
  return `${hours}時間${minutes}分${seconds}.${tenth}秒`;
}

/** 00:01:06.0, from 100 hours on without the tenths. */
export function writeDurationInFile(tenths: number): string {
  const { hours, minutes, seconds, tenth } = splitDuration(tenths);
  return `${padTwo(hours)}:${minutes}:${seconds}${hours < 100 ? `.${tenth}` : ''}`;
}

/** 05/01(金)20時12分21.5秒 */
export function writeStart(start: Moment): string {
  const { month, day, weekday, hour, minute, second, tenth } = toCivilTime(start);
  return `${padTwo(month)}/${padTwo(day)}(${weekday})${padTwo(hour)}時${padTwo(minute)}分${padTwo(second)}.${tenth}秒`;
}

/** 2017年11月 */
export const writeMonth = (month: Month): string => `${Math.floor(month / 100)}年${padTwo(month % 100)}月`;

/** 【11月01日~11月30日】 */
export function writePeriod(month: Month): string {
  const [from, to] = [getFirstDay(month), getLastDay(month)].map((day) => {
    const [, monthOfYear, dayOfMonth] = day.split('-');
    return `${monthOfYear}月${dayOfMonth}日`;
  });
  return `【${from}~${to}】`;
}

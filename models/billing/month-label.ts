import { TENTHS_OF_DAY } from '../../lib/values/jst';
import { addMonths, type BillingMonth, getMonthStart } from './month';

/** How billing months are written on the screens. All views get these functions. */

const padTwo = (value: number): string => String(value).padStart(2, '0');

/** 2017年11月 */
export const monthLabel = (month: BillingMonth): string =>
  `${Math.floor(month / 100)}年${padTwo(month % 100)}月`;

/** 2011年4月分 */
export const usageMonthLabel = (month: BillingMonth): string =>
  `${Math.floor(month / 100)}年${month % 100}月分`;

/** 11月01日 and 11月30日, the first and the last day of a month. */
export function monthPeriod(month: BillingMonth): { from: string; to: string } {
  const last = (getMonthStart(addMonths(month)) - getMonthStart(month)) / TENTHS_OF_DAY;
  return { from: `${padTwo(month % 100)}月01日`, to: `${padTwo(month % 100)}月${padTwo(last)}日` };
}

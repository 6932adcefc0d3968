import { config } from '../../config';
import { now } from '../../lib/values/clock';
import { type BillingMonth, addMonths, getMonthStart, listPastMonths } from '../billing/month';
import { TENTHS_OF_DAY } from '../../lib/values/jst';

/** Services whose usage is telephone calls; a telephone number belongs to one of them. */
export const CALL_SERVICES = ['ip050', 'hikari', 'mobile'] as const;
/** In the order of 利用状況照会. */
export const USAGE_SERVICES = ['internet', 'hikari', 'mobile', 'ip050', 'payon'] as const;

export type CallService = (typeof CALL_SERVICES)[number];
export type UsageService = (typeof USAGE_SERVICES)[number];

/** The day from which a mobile month is shown: the 28th of the month after it. */
const MOBILE_VISIBLE_DAY = 28;

/** When a service's month can be seen first, in milliseconds. */
function getVisibleFrom(service: UsageService, month: BillingMonth): number {
  const days = service === 'mobile' ? MOBILE_VISIBLE_DAY - 1 : 0;
  return (getMonthStart(addMonths(month)) + days * TENTHS_OF_DAY) * 100;
}

/** The months of a service that can be seen now: of the past USAGE_MONTHS, the latest first. */
export const listVisibleUsageMonths = (service: UsageService): BillingMonth[] =>
  listPastMonths(now(), config.USAGE_MONTHS).filter((month) => getVisibleFrom(service, month) <= now());

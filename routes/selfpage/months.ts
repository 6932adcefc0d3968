import type { Request } from 'express';
import { config } from '../../config';
import { now } from '../../lib/values/clock';
import { type BillingMonth, getMonthOfDate, listPastMonths, parseMonth } from '../../models/billing/month';
import type { SelfPageUser } from '../../models/sign-in/user';
import { createNotFoundError } from '../middleware/errors';
import { currentUser } from '../require-login';

/** The months whose charges a customer can see: the past CHARGE_MONTHS, from the contract's first. */
export function listVisibleMonths({ start_date }: SelfPageUser): BillingMonth[] {
  const first = getMonthOfDate(start_date);
  return listPastMonths(now(), config.CHARGE_MONTHS).filter((month) => month >= first);
}

/** The month of an address such as …/201711; 404 if the customer cannot see it. */
export function getRequestedMonth(req: Request): BillingMonth {
  const month = parseMonth(String(req.params.month));
  if (month === undefined || !listVisibleMonths(currentUser(req, 'selfpage')).includes(month))
    throw createNotFoundError();
  return month;
}

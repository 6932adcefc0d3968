import type { Request, RequestHandler } from 'express';
import { now } from '../../lib/values/clock';
import { type SelfPageUser, findSelfPageUser } from '../../models/sign-in/self-page-user';
import { type BillingMonth, getMonthOfDate, parseMonth, listPastMonths } from '../../models/billing/month';
import { config } from '../../config';
import { createNotFoundError } from '../middleware/errors';
import { sessionCheck } from '../password';
import { getActiveLogin } from '../middleware/session';
import { redirectToLogin } from '../areas';

declare module 'express-serve-static-core' {
  interface Request {
    selfPageUser?: SelfPageUser;
  }
}

/** Everything behind it is for the customer of a Self ID; others are led to the login. */
export const requireSelfPageUser: RequestHandler = async (req, res, next) => {
  const login = getActiveLogin(req, 'self');
  const user = login && (await findSelfPageUser(login.id, sessionCheck(req, 'self', login)));
  if (!user) {
    await redirectToLogin(req, res);
    return;
  }
  req.selfPageUser = user;
  Object.assign(res.locals, { customer: user, isSignedIn: true });
  next();
};

export function currentUser(req: Request): SelfPageUser {
  if (!req.selfPageUser) throw new Error('No customer is signed in');
  return req.selfPageUser;
}

/** The months whose charges a customer can see: the past CHARGE_MONTHS, from the contract's first. */
export function listVisibleMonths({ start_date }: SelfPageUser): BillingMonth[] {
  const first = getMonthOfDate(start_date);
  return listPastMonths(now(), config.CHARGE_MONTHS).filter((month) => month >= first);
}

/** The month of an address such as …/201711; 404 where it is none of the customer's. */
export function getRequestedMonth(req: Request): BillingMonth {
  const month = parseMonth(String(req.params.month));
  if (month === undefined || !listVisibleMonths(currentUser(req)).includes(month))
    throw createNotFoundError();
  return month;
}

import type { Request, RequestHandler } from 'express';
import { now } from '../../lib/values/clock';
import { type Customer, findCustomer } from '../../models/sign-in/self-page-user';
import { type BillingMonth, monthOfDate, parseMonth, pastMonths } from '../../models/billing/month';
import { config } from '../../config';
import { notFound } from '../middleware/errors';
import { sessionMark } from '../password';
import { signedIn } from '../middleware/session';
import { askToSignIn } from '../areas';

declare module 'express-serve-static-core' {
  interface Request {
    customer?: Customer;
  }
}

/** Everything behind it is for the customer of a Self ID; others are led to the login. */
export const requireCustomer: RequestHandler = async (req, res, next) => {
  const login = signedIn(req, 'self');
  const customer = login && (await findCustomer(login.id, sessionMark(req, 'self', login)));
  if (!customer) {
    await askToSignIn(req, res);
    return;
  }
  req.customer = customer;
  Object.assign(res.locals, { customer, isSignedIn: true });
  next();
};

export function signedInCustomer(req: Request): Customer {
  if (!req.customer) throw new Error('No customer is signed in');
  return req.customer;
}

/** The months whose charges a customer can see: the past CHARGE_MONTHS, from the contract's first. */
export function visibleMonths({ start_date }: Customer): BillingMonth[] {
  const first = monthOfDate(start_date);
  return pastMonths(now(), config.CHARGE_MONTHS).filter((month) => month >= first);
}

/** The month of an address such as …/201711; 404 where it is none of the customer's. */
export function monthOf(req: Request): BillingMonth {
  const month = parseMonth(String(req.params.month));
  if (month === undefined || !visibleMonths(signedInCustomer(req)).includes(month)) throw notFound();
  return month;
}

import { InvalidArgumentError } from 'commander';
import { type BillingMonth, parseMonth } from '../../models/billing/month';

/** For commander: a month as `201711` or `2017-11`. */
export function parseMonthArgument(text: string): BillingMonth {
  const month = parseMonth(text.replace(/^(\d{4})-(\d\d)$/, '$1$2'));
  if (month === undefined) throw new InvalidArgumentError('a month such as 201711');
  return month;
}

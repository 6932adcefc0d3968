import { OUTGOING } from '../call/new-call';
import type { UsageScope } from './call-usage';
import { db } from '../../lib/database/db';
import { addMonths, getMonthStart } from '../billing/month';
import { toJstDay } from '../../lib/values/jst';

/** The outgoing calls that began on a day (1 to 31) of the month. `charge` in 1/100 yen. */
export interface UsageDay {
  day: number;
  calls: number;
  charge: number;
}

/**
 * Every day of the month. A call that began in the month before and ended in this one is counted on the first day, a
 * zero-length call at 00:00 after the last day on the last day.
 */
export async function listUsageDays({ contractId, month, service }: UsageScope): Promise<UsageDay[]> {
  const first = toJstDay(getMonthStart(month));
  const length = toJstDay(getMonthStart(addMonths(month))) - first;
  const sums: UsageDay[] = await db('number_days as s')
    .join('phone_numbers as n', 'n.id', 's.phone_number_id')
    .where({ 's.contract_id': contractId, 's.billing_month': month, 's.direction': OUTGOING })
    .where('n.service', service)
    .groupBy('s.day')
    .select('s.day')
    .sum({ calls: 's.calls', charge: 's.charge' });
  const days = Array.from({ length }, (_, index): UsageDay => ({ day: index + 1, calls: 0, charge: 0 }));
  for (const sum of sums) {
    const day = days[Math.min(Math.max(0, sum.day - first), length - 1)];
    if (day) Object.assign(day, { calls: day.calls + sum.calls, charge: day.charge + sum.charge });
  }
  return days;
}

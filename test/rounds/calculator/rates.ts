import { type Moment, readMoment } from './civil-time';
import type { Rate } from './records';

/** The rate of the longest prefix that is in force at the start of a call; a short number needs its own. */
export function findRate(rates: readonly Rate[], number: string, start: Moment): Rate | undefined {
  const isShort = number.length < 7 && !number.startsWith('0');
  const inForce = rates.filter(
    ({ prefix, fromDay }) =>
      (isShort ? prefix === number : number.startsWith(prefix)) && readMoment(fromDay) <= start,
  );
  const [best] = inForce.sort((one, other) =>
    one.prefix.length === other.prefix.length
      ? readMoment(other.fromDay) - readMoment(one.fromDay)
      : other.prefix.length - one.prefix.length,
  );
  return best;
}

/** What a call costs, in 1/100 yen. A counted call costs one unit, a call without duration nothing. */
export function computeCharge(rate: Rate, duration: number, isCounted: boolean): number {
  if (!isCounted && duration === 0) return 0;
  let charge = rate.connectionCharge + rate.unitCharge;
  if (!isCounted)
    for (let paid = rate.unitDuration; paid < duration; paid += rate.unitDuration) charge += rate.unitCharge;
  return charge < rate.minimumCharge ? rate.minimumCharge : charge;
}

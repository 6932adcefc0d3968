import type { CallType } from '../../models/call-type';
import { chargeOf, type TariffRate } from '../../models/rating';
import type { CallContext } from './call-format';
import { LineRejection } from './line-rejection';
import { senOf, tenthsOf } from './line-rules';

/** A detail file writes a charge in 6 bytes at most: 999,999.50 yen would round up to 7. */
const CHARGE_LIMIT = 99_999_950;
/** 1000 hours: a detail file writes a duration in 10 bytes at most, hhh:mm:ss. */
const DURATION_LIMIT = 36_000_000;

/** 1/100 yen. */
export function readCharge(text: string): number {
  const sen = senOf(text);
  if (typeof sen !== 'number') throw new LineRejection(`charge: ${text} is ${sen}`);
  return checkCharge(sen);
}

function checkCharge(sen: number): number {
  if (sen >= CHARGE_LIMIT) throw new LineRejection(`charge: ${sen / 100} is not below 999,999.50 yen`);
  return sen;
}

/** 0.1 s. */
export function readDuration(text: string): number {
  const tenths = tenthsOf(text);
  if (typeof tenths !== 'number') throw new LineRejection(`duration: ${text} is ${tenths}`);
  if (tenths >= DURATION_LIMIT) throw new LineRejection(`duration: ${text} is not below 1000 hours`);
  return tenths;
}

/** @throws LineRejection where no tariff was given, or it has no rate for the number at that time. */
export function findRate({ rates }: CallContext, number: string, startedAt: number): TariffRate {
  if (!rates) throw new LineRejection('charge: empty, and no tariff was given to rate the call');
  const rate = rates.rateOf(number, startedAt);
  if (!rate) throw new LineRejection(`charge: empty, and the tariff has no rate for ${number} at that time`);
  return rate;
}

/** 1/100 yen, where `duration` is in 0.1 s. */
export const ratedCharge = (rate: TariffRate, duration: number, callType: CallType): number =>
  checkCharge(chargeOf(rate, duration, Boolean(callType.counted)));

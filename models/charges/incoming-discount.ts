import { config } from '../../config';

/**
 * 着割 in 1/100 yen, positive: INCOMING_DISCOUNT_YEN_PER_MINUTE for each whole minute of the summed duration (0.1 s) of a month's
 * eligible incoming calls, rounded half up to a whole yen, at most the month's outgoing charges (1/100 yen).
 */
export function computeIncomingDiscount(duration: number, charges: number): number {
  const minutes = Math.floor(duration / 600);
  const wholeYen = Math.floor((minutes * config.INCOMING_DISCOUNT_YEN_PER_MINUTE + 50) / 100);
  return Math.min(wholeYen * 100, charges);
}

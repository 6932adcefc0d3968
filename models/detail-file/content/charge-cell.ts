import { yenDecimal } from '../../../lib/values/format';
import type { LineWriter } from './line-writer';

const MINUS = 0x2d;
const POINT = 0x2e;

/**
 * 通話料: yen with two decimals where they fit into six bytes, else one, else none, rounded half up. The UTF-8 file has
 * the exact amount. `charge` is in 1/100 yen.
 */
export function writeCharge(line: LineWriter, charge: number): void {
  const step = getRoundingStep(charge);
  if (step > 1) {
    const rounded = Math.floor((Math.abs(charge) + step / 2) / step) * step * Math.sign(charge);
    line.writeRoundedAmount(yenDecimal(rounded, DECIMALS[step]), yenDecimal(charge), rounded - charge);
    return;
  }
  if (charge < 0) line.writeByte(MINUS);
  const amount = Math.abs(charge);
  const yen = Math.floor(amount / 100);
  line.writeNumber(yen);
  line.writeByte(POINT);
  line.writeTwoDigits(amount - yen * 100);
}

/** To what an amount is rounded, in 1/100 yen. */
function getRoundingStep(charge: number): 1 | 10 | 100 {
  if (charge >= -9999 && charge <= 99_999) return 1;
  return charge >= -99_994 && charge <= 999_994 ? 10 : 100;
}

const DECIMALS = { 1: 2, 10: 1, 100: 0 } as const;

import { getCharCode } from '../../../../lib/values/ascii';
import type { Rounding } from './value-schemas';

/**
 * A decimal number as a whole one of a smaller unit, exactly: `8.5`, ×100 is 850. `scale` is a fraction.
 * A text says what is wrong: that it is no number, negative, or finer than the unit where rounding is `exact`.
 */
export function parseScaledDecimal(
  text: string,
  [by, of]: readonly [number, number],
  rounding: Rounding,
  unit: string,
): number | string {
  const short = of === 1 ? parseShortDecimal(text, by) : undefined;
  if (short !== undefined) return short;
  const parts = /^(\d{1,15})(?:\.(\d{0,15}))?$/.exec(text);
  if (!parts) return /^-\d/.test(text) ? 'negative' : (NOT_A_NUMBER[unit] ?? 'not a number');
  const [, whole = '', fraction = ''] = parts;
  const above = BigInt(whole + fraction) * BigInt(by);
  const below = 10n ** BigInt(fraction.length) * BigInt(of);
  const rest = above % below;
  const down = Number(above / below);
  if (rest === 0n || rounding === 'down') return down;
  if (rounding === 'exact') return `finer than ${unit}`;
  return rounding === 'up' || rest * 2n >= below ? down + 1 : down;
}

const MAX_SHORT_LENGTH = 10;
const MAX_SHORT_FACTOR = 10_000;
const ZERO = 48;
const DOT = 46;

/** Nearly all amounts: few digits that come to a whole number, far below where numbers lose their last digits. */
function parseShortDecimal(text: string, by: number): number | undefined {
  if (text.length === 0 || text.length > MAX_SHORT_LENGTH || by > MAX_SHORT_FACTOR) return undefined;
  let digits = 0;
  let below = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = getCharCode(text, at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      below *= 10;
    } else if (digit === DOT - ZERO && at > 0 && below === 0) below = 1;
    else return undefined;
  }
  const above = digits * by;
  if (below <= 1) return above;
  return above % below === 0 ? above / below : undefined;
}

const NOT_A_NUMBER: Record<string, string> = {
  '1/100 yen': 'not an amount in yen',
  '0.1 s': 'not a number of seconds',
};

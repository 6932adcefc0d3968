import type { Rounding } from './format-values';

/**
 * A decimal number as a whole one of a smaller unit, exactly: `8.5`, ×100 is 850. `scale` is a fraction.
 * A text says what is wrong: that it is no number, negative, or finer than the unit where rounding is `exact`.
 */
export function scaledDecimal(
  text: string,
  [by, of]: readonly [number, number],
  rounding: Rounding,
  unit: string,
): number | string {
  const parts = /^(\d{1,15})(?:\.(\d{0,15}))?$/.exec(text);
  if (!parts) return /^-\d/.test(text) ? 'negative' : (NO_NUMBER[unit] ?? 'not a number');
  const [, whole = '', fraction = ''] = parts;
  if (fraction === '' && of === 1) return Number(whole) * by;
  const short = of === 1 ? shortDecimal(whole + fraction, by, fraction.length) : undefined;
  if (short !== undefined) return short;
  const above = BigInt(whole + fraction) * BigInt(by);
  const below = 10n ** BigInt(fraction.length) * BigInt(of);
  const rest = above % below;
  const down = Number(above / below);
  if (rest === 0n || rounding === 'down') return down;
  if (rounding === 'exact') return `finer than ${unit}`;
  return rounding === 'up' || rest * 2n >= below ? down + 1 : down;
}

const MOST_SHORT = 9;
const MOST_BY = 10_000;

/** Nearly all amounts: few digits that come to a whole number, far below where numbers lose their last digits. */
function shortDecimal(digits: string, by: number, decimals: number): number | undefined {
  if (digits.length > MOST_SHORT || by > MOST_BY) return undefined;
  const above = Number(digits) * by;
  const below = 10 ** decimals;
  return above % below === 0 ? above / below : undefined;
}

const NO_NUMBER: Record<string, string> = {
  '1/100 yen': 'not an amount in yen',
  '0.1 s': 'not a number of seconds',
};

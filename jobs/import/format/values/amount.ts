import { z } from 'zod';
import { CHARGE_LIMIT } from '../../../../models/rating/rate-table';
import { LineRejection } from '../../source/rejected-lines';
import {
  compileSource,
  type FieldReader,
  type FindColumn,
  hasOneSource,
  ONE_SOURCE,
  readDigits,
  sourceKeys,
} from './text';

const rounding = z.enum(['exact', 'down', 'up', 'half_up']).default('exact');

export const durationSchema = z
  .strictObject({
    ...sourceKeys,
    unit: z.enum(['seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'minutes', 'text', 'clock']),
    round: rounding,
  })
  .refine(hasOneSource, ONE_SOURCE);

export const chargeSchema = z
  .strictObject({ ...sourceKeys, unit: z.enum(['yen', 'sen']), round: rounding })
  .refine(hasOneSource, ONE_SOURCE);

type DurationValue = z.infer<typeof durationSchema>;
type ChargeValue = z.infer<typeof chargeSchema>;
type Rounding = z.infer<typeof rounding>;

/** 1000 hours: a detail file writes a duration in 10 bytes at most, hhh:mm:ss. */
const DURATION_LIMIT = 36_000_000;

/** Reads an amount; undefined if the record has none. A LineRejection refuses it. */
export type AmountReader = (fields: string[]) => number | undefined;

/** How many 0.1 s a unit has, as a fraction. */
const UNITS = {
  seconds: [10, 1],
  milliseconds: [1, 100],
  microseconds: [1, 100_000],
  nanoseconds: [1, 100_000_000],
  minutes: [600, 1],
} as const;

/** Units in nanoseconds: the parts of a text such as 1m06s are added up before they are rounded. */
const TEXT_UNITS: Record<string, number> = {
  h: 3_600e9,
  m: 60e9,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  ns: 1,
};

/** Reads a duration in 0.1 s. */
export const compileDuration = (values: DurationValue[], findColumn: FindColumn): AmountReader =>
  combineReaders(
    values.flatMap((value) => {
      const read = (text: string) => checkDuration(parseDuration(text, value), text);
      return createAmountReader(compileSource(value, findColumn), read) ?? [];
    }),
  );

/** Reads a charge in 1/100 yen. */
export const compileCharge = (values: ChargeValue[], findColumn: FindColumn): AmountReader =>
  combineReaders(
    values.flatMap((value) => {
      const scale = value.unit === 'yen' ? 100 : 1;
      const read = (text: string) =>
        checkCharge(
          requireAmount('charge', text, parseScaledDecimal(text, [scale, 1], value.round, '1/100 yen')),
        );
      return createAmountReader(compileSource(value, findColumn), read) ?? [];
    }),
  );

function combineReaders(readers: AmountReader[]): AmountReader {
  const [first, ...others] = readers;
  if (!first) return () => undefined;
  if (others.length === 0) return first;
  return (fields) => {
    for (const read of readers) {
      const amount = read(fields);
      if (amount !== undefined) return amount;
    }
    return undefined;
  };
}

function createAmountReader(
  read: FieldReader | undefined,
  toAmount: (text: string) => number,
): AmountReader | undefined {
  return (
    read &&
    ((fields) => {
      const text = read(fields);
      return text === '' ? undefined : toAmount(text);
    })
  );
}

function parseDuration(text: string, { unit, round }: DurationValue): number {
  const scale = (amount: string, [by, of]: readonly [number, number], rounding: Rounding) =>
    requireAmount('duration', text, parseScaledDecimal(amount, [by, of], rounding, '0.1 s'));
  if (unit === 'clock') {
    const parts = /^(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/.exec(text);
    if (!parts) throw new LineRejection(`duration: ${text} is not a time such as 0:01:06`);
    return Number(parts[1]) * 36_000 + Number(parts[2]) * 600 + scale(parts[3] ?? '', UNITS.seconds, round);
  }
  if (unit !== 'text') return scale(text, UNITS[unit], round);
  if (!/^([\d.]+(h|ms|m|s|us|µs|ns))+$/.test(text))
    throw new LineRejection(`duration: ${text} is not a duration such as 1m06s`);
  const sum = [...text.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g)]
    .map(([, amount = '', name = '']) => scale(amount, [TEXT_UNITS[name] ?? 1, 1], 'down'))
    .reduce((total, part) => total + part, 0);
  return scale(String(sum), UNITS.nanoseconds, round);
}

function requireAmount(name: string, text: string, amount: number | string): number {
  if (typeof amount !== 'number') throw new LineRejection(`${name}: ${text} is ${amount}`);
  return amount;
}

/** @throws LineRejection if it is longer than a detail file can write; `text` is how it was written. */
export function checkDuration(tenths: number, text: string): number {
  if (tenths >= DURATION_LIMIT) throw new LineRejection(`duration: ${text} is not below 1000 hours`);
  return tenths;
}

/** @throws LineRejection if a charge (1/100 yen) is more than a detail file can write. */
export function checkCharge(sen: number): number {
  if (sen >= CHARGE_LIMIT) throw new LineRejection(`charge: ${sen / 100} is not below 999,999.50 yen`);
  return sen;
}

const NOT_A_NUMBER: Record<string, string> = {
  '1/100 yen': 'not an amount in yen',
  '0.1 s': 'not a number of seconds',
};

/**
 * A decimal number as a whole number of a smaller unit, exactly: `8.5` times 100 is 850. `scale` is a fraction.
 * A text as the result says what is wrong: it is no number, negative, or finer than the unit if rounding is `exact`.
 */
export function parseScaledDecimal(
  text: string,
  [by, of]: readonly [number, number],
  rounding: Rounding,
  unit: string,
): number | string {
  if (!DECIMAL.test(text)) return /^-\d/.test(text) ? 'negative' : (NOT_A_NUMBER[unit] ?? 'not a number');
  const dot = text.indexOf('.');
  const decimals = dot < 0 ? 0 : text.length - dot - 1;
  const above = readDigits(text) * by;
  const below = (POWERS_OF_TEN[decimals] ?? NaN) * of;
  // Nearly all amounts are exact as numbers, which are much faster than BigInt.
  if (Number.isSafeInteger(above) && Number.isSafeInteger(below)) {
    const rest = above % below;
    const down = (above - rest) / below;
    return rest === 0 || rounding === 'down' ? down : roundUp(down, rest * 2 >= below, rounding, unit);
  }
  const largeAbove = BigInt(text.replace('.', '')) * BigInt(by);
  const largeBelow = 10n ** BigInt(decimals) * BigInt(of);
  const rest = largeAbove % largeBelow;
  const down = Number(largeAbove / largeBelow);
  return rest === 0n || rounding === 'down' ? down : roundUp(down, rest * 2n >= largeBelow, rounding, unit);
}

const DECIMAL = /^\d{1,15}(?:\.\d{0,15})?$/;
const POWERS_OF_TEN = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** Rounds a quotient that has a rest. */
function roundUp(down: number, isHalf: boolean, rounding: Rounding, unit: string): number | string {
  if (rounding === 'exact') return `finer than ${unit}`;
  return rounding === 'up' || isHalf ? down + 1 : down;
}

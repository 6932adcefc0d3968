import type { CallType } from '../../../../models/call/call-type';
import { CHARGE_LIMIT, computeCharge, type TariffRate } from '../../../../models/rating/rate-table';
import { compileSource, type FieldReader, type FindColumn } from '../field-reader';
import type { ChargeValue, DurationValue, Rounding } from './value-schemas';
import { LineRejection } from '../../line-rejection';
import { parseScaledDecimal } from './scaled-decimal';

/** 1000 hours: a detail file writes a duration in 10 bytes at most, hhh:mm:ss. */
const DURATION_LIMIT = 36_000_000;

/** Reads an amount; undefined where the record has none. A LineRejection refuses it. */
export type AmountReader = (fields: string[]) => number | undefined;

/** How many 0.1 s a unit has, as a fraction. */
const UNITS = {
  seconds: [10, 1],
  milliseconds: [1, 100],
  microseconds: [1, 100_000],
  nanoseconds: [1, 100_000_000],
  minutes: [600, 1],
} as const;
const TEXT_UNITS: Record<string, keyof typeof UNITS | 'hours'> = {
  h: 'hours',
  m: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  µs: 'microseconds',
  ns: 'nanoseconds',
};

const combineReaders = (readers: AmountReader[]): AmountReader => {
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
};

/** In 0.1 s. */
export const compileDuration = (values: DurationValue[], findColumn: FindColumn): AmountReader =>
  combineReaders(values.flatMap((value) => createDurationReader(value, findColumn) ?? []));

function createDurationReader(value: DurationValue, findColumn: FindColumn): AmountReader | undefined {
  return createAmountReader(compileSource(value, findColumn), (text) =>
    checkDuration(parseDuration(text, value), text),
  );
}

/** In 1/100 yen. */
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
  // In nanoseconds, so that the parts are added up before they are rounded.
  const NANOSECONDS = {
    hours: 3_600e9,
    minutes: 60e9,
    seconds: 1e9,
    milliseconds: 1e6,
    microseconds: 1e3,
    nanoseconds: 1,
  };
  const sum = [...text.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g)]
    .map(([, amount = '', name = '']) =>
      scale(amount, [NANOSECONDS[TEXT_UNITS[name] ?? 'seconds'], 1], 'down'),
    )
    .reduce((total, part) => total + part, 0);
  return scale(String(sum), UNITS.nanoseconds, round);
}

function requireAmount(name: string, text: string, amount: number | string): number {
  if (typeof amount !== 'number') throw new LineRejection(`${name}: ${text} is ${amount}`);
  return amount;
}

/** @throws LineRejection where it is longer than a detail file can write; `text` is how it was written. */
export function checkDuration(tenths: number, text: string): number {
  if (tenths >= DURATION_LIMIT) throw new LineRejection(`duration: ${text} is not below 1000 hours`);
  return tenths;
}

function checkCharge(sen: number): number {
  if (sen >= CHARGE_LIMIT) throw new LineRejection(`charge: ${sen / 100} is not below 999,999.50 yen`);
  return sen;
}

/** 1/100 yen, where `duration` is in 0.1 s. */
export const calculateRatedCharge = (rate: TariffRate, duration: number, callType: CallType): number =>
  checkCharge(computeCharge(rate, duration, Boolean(callType.counted)));

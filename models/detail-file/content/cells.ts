import { queryRows, type Queryable } from '../../../lib/database/db';
import { encodeCp932, toCp932Text } from '../../../lib/values/cp932';
import { formatCsvField } from '../../../lib/values/csv';
import { yenDecimal } from '../../../lib/values/format';
import { JST_TENTHS, TENTHS_OF_DAY, TENTHS_OF_HOUR, toJstDay } from '../../../lib/values/jst';
import { labels } from '../../call/labels';
import type { CsvText, LineWriter } from './line-writer';
import type { FileNumber } from './numbers';

/** A call with what its line needs; times in 0.1 s, those of the day since the epoch, the charge in 1/100 yen. */
export interface FileCall {
  readonly number: CsvText;
  readonly started_at: number;
  readonly duration: number;
  /** The digits of the other number are these bytes, from `digitsStart` to before `digitsEnd`. */
  readonly digits: Uint8Array;
  readonly digitsStart: number;
  readonly digitsEnd: number;
  readonly hyphens: number;
  readonly area: CsvText;
  readonly line_class: number;
  readonly type: FileCallType;
  readonly charge: number;
}

export interface FileCallType {
  label: CsvText;
  /** The call is counted, not timed: 番号案内. */
  counted: boolean;
}

/** The finished cells for the ids of a call. */
export interface CallTexts {
  number(position: number): CsvText;
  area(id: number): CsvText;
  type(id: number): FileCallType;
}

/**
 * Reads the names of areas and call types. Each becomes a cell when the first call needs it; `maxBytes` are the widths
 * of the two columns in CP932.
 */
export async function readCallTexts(
  snapshot: Queryable,
  numbers: FileNumber[],
  maxBytes: { area: number; type: number },
): Promise<CallTexts> {
  const areas = await queryRows<{ id: number; name: string }>(snapshot, 'SELECT id, name FROM areas');
  const types = await queryRows<{ id: number; label: string; counted: boolean | number }>(
    snapshot,
    'SELECT id, label, counted FROM call_types',
  );
  const names = new Map(areas.map(({ id, name }) => [id, name]));
  const typesById = new Map(types.map((type) => [type.id, type]));
  return {
    number: memoizeById((position) => toCsvText(requireValue(numbers[position]).cell)),
    area: memoizeById((id) => toCsvText(requireValue(names.get(id)), maxBytes.area)),
    type: memoizeById((id) => {
      const { label, counted } = requireValue(typesById.get(id));
      return { label: toCsvText(label, maxBytes.type), counted: Boolean(counted) };
    }),
  };
}

function requireValue<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a call has a number, an area or a type that is not there');
  return value;
}

/** Makes a value for each id, once. */
function memoizeById<Value>(make: (id: number) => Value): (id: number) => Value {
  const made = new Map<number, Value>();
  return (id) => {
    const before = made.get(id);
    if (before !== undefined) return before;
    const value = make(id);
    made.set(id, value);
    return value;
  };
}

// Spreadsheets run a cell that begins like this as a formula (OWASP, CSV injection).
const RUNS_AS_FORMULA = /^[=+\-@\t\r]/;

/** Turns a text that came from outside, such as an area's name or a call type's label, into a CSV field. */
export function toCsvText(text: string, maxBytes?: number): CsvText {
  const trimmed = trimRight(text);
  const safe = RUNS_AS_FORMULA.test(trimmed) ? `'${trimmed}` : trimmed;
  const written = toCp932Text(safe, maxBytes);
  return {
    cp932: encodeCp932(formatCsvField(trimRight(written.text))),
    utf8: Buffer.from(formatCsvField(safe)),
    replaced: written.replaced,
  };
}

/** Trims half-width spaces only: the guide's 「右半角スペースはトリミング」. */
const trimRight = (text: string): string => text.replace(/ +$/, '');

const dates = new Map<number, CsvText>();

/** 2017/11/05 */
export function writeDate(line: LineWriter, { started_at }: FileCall): void {
  const day = toJstDay(started_at);
  let cell = dates.get(day);
  if (!cell) {
    const [date = ''] = new Date(day * TENTHS_OF_DAY * 100).toISOString().split('T');
    cell = toCsvText(date.replaceAll('-', '/'));
    dates.set(day, cell);
  }
  line.writeText(cell);
}

/** 12:34:56.7 */
export function writeTimeOfDay(line: LineWriter, { started_at }: FileCall): void {
  line.writeClockOfTenths((started_at + JST_TENTHS) % TENTHS_OF_DAY);
}

const HYPHEN = 0x2d;

/** 03-1234-5678: `hyphens` has the digits before the first hyphen in its tens, those between the two in its ones. */
export function writeOtherNumber(
  line: LineWriter,
  { digits, digitsStart, digitsEnd, hyphens }: FileCall,
): void {
  if (hyphens === 0) {
    line.writeAscii(digits, digitsStart, digitsEnd);
    return;
  }
  const first = digitsStart + Math.floor(hyphens / 10);
  const second = first + (hyphens % 10);
  line.writeAscii(digits, digitsStart, first);
  line.writeByte(HYPHEN);
  line.writeAscii(digits, first, second);
  line.writeByte(HYPHEN);
  line.writeAscii(digits, second, digitsEnd);
}

const ONE_TIME = toCsvText(labels.counted);

/** 00:01:06.0, without the tenths from 100 hours on, or 1件 for a counted call. */
export function writeDuration(line: LineWriter, { type, duration }: FileCall): void {
  if (type.counted) line.writeText(ONE_TIME);
  else if (duration < 100 * TENTHS_OF_HOUR) line.writeClockOfTenths(duration);
  else line.writeClock(Math.floor(duration / 10));
}

const EXTERNAL = toCsvText(labels.external);
const INTERNAL = toCsvText(labels.internal);

export function writeLineClass(line: LineWriter, { line_class }: FileCall): void {
  line.writeText(line_class === 0 ? EXTERNAL : INTERNAL);
}

const MINUS = 0x2d;
const POINT = 0x2e;

/**
 * 通話料: yen with two decimals where they fit into six bytes, else one, else none, rounded half up. The UTF-8 file has
 * the exact amount. `charge` is in 1/100 yen.
 */
export function writeCharge(line: LineWriter, { charge }: FileCall): void {
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

/** The unit that an amount is rounded to, in 1/100 yen. */
function getRoundingStep(charge: number): 1 | 10 | 100 {
  if (charge >= -9999 && charge <= 99_999) return 1;
  return charge >= -99_994 && charge <= 999_994 ? 10 : 100;
}

const DECIMALS = { 1: 2, 10: 1, 100: 0 } as const;

import { JST_TENTHS, toJstDay, TENTHS_OF_DAY, TENTHS_OF_HOUR } from '../../../lib/values/jst';
import { writeCharge } from './charge-cell';
import { type CsvText, toCsvText } from './csv-text';
import type { LineWriter } from './line-writer';
import type { UnwritableLineError } from './lines';

/** A call with what its line needs; times in 0.1 s, those of the day since the epoch, the charge in 1/100 yen. */
export interface FileCall {
  readonly number: CsvText;
  readonly started_at: number;
  readonly duration: number;
  /** The digits of the other number: these bytes, from the one place to before the other. */
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
  /** Counted, not timed: 番号案内. */
  counted: boolean;
}

export interface CallsColumn {
  header: string;
  /** The most bytes a cell has in CP932. A file with a longer one fails, unless it is a text. */
  bytes: number;
  /** A text from outside, which is cut to its length, and may stand in quotes besides. */
  isText?: true;
  /** What the page says of a file with a cell that is too long. */
  failure?: UnwritableLineError['failure'];
  write(line: LineWriter, call: FileCall): void;
}

/** The nine columns of 通話明細, as the guide's file layout has them. */
export const CALLS_COLUMNS: readonly CallsColumn[] = [
  { header: 'ご利用電話番号', bytes: 13, write: (line, call) => line.writeText(call.number) },
  {
    header: '通話開始日時',
    bytes: 10,
    write: (line, call) => line.writeText(getDateCell(toJstDay(call.started_at))),
  },
  {
    header: '通話開始時刻',
    bytes: 10,
    write: (line, call) => line.writeClockOfTenths(getTimeOfDay(call.started_at)),
  },
  { header: '着信電話番号', bytes: 21, write: writeOtherNumber },
  { header: '地域名', bytes: 20, isText: true, write: (line, call) => line.writeText(call.area) },
  { header: '通話時間', bytes: 10, write: writeDuration },
  {
    header: '内線区分',
    bytes: 4,
    write: (line, call) => line.writeText(call.line_class === 0 ? EXTERNAL : INTERNAL),
  },
  { header: '呼種別', bytes: 80, isText: true, write: (line, call) => line.writeText(call.type.label) },
  {
    header: '通話料',
    bytes: 6,
    failure: 'too_large_amount',
    write: (line, call) => writeCharge(line, call.charge),
  },
];

const EXTERNAL = toCsvText('外線');
const INTERNAL = toCsvText('内線');
const ONE_TIME = toCsvText('1件');
const HYPHEN = 0x2d;

const dates = new Map<number, CsvText>();

/** 2017/11/05 */
function getDateCell(day: number): CsvText {
  const known = dates.get(day);
  if (known) return known;
  const [date = ''] = new Date(day * TENTHS_OF_DAY * 100).toISOString().split('T');
  const cell = toCsvText(date.replaceAll('-', '/'));
  dates.set(day, cell);
  return cell;
}

const getTimeOfDay = (started_at: number): number => (started_at + JST_TENTHS) % TENTHS_OF_DAY;

function writeOtherNumber(line: LineWriter, { digits, digitsStart, digitsEnd, hyphens }: FileCall): void {
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

function writeDuration(line: LineWriter, { type, duration }: FileCall): void {
  if (type.counted) line.writeText(ONE_TIME);
  else if (duration < 100 * TENTHS_OF_HOUR) line.writeClockOfTenths(duration);
  else line.writeClock(Math.floor(duration / 10));
}

/** The six columns of 電話番号別ご利用料金: the number, then sums in yen of these `fees_column`s of its call types. */
export const FEES_FILE_COLUMNS = [
  { header: 'ご利用電話番号', bytes: 13, sums: [] },
  { header: '合計料金', bytes: 12, sums: ['domestic', 'international', 'au', 'other_mobile'] },
  { header: '国内通話', bytes: 12, sums: ['domestic'] },
  { header: '国際通話', bytes: 12, sums: ['international'] },
  { header: 'ａｕ通話', bytes: 12, sums: ['au'] },
  { header: 'その他移動体', bytes: 12, sums: ['other_mobile'] },
] as const;

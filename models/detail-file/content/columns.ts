import { labels } from '../../call/labels';
import {
  type FileCall,
  writeCharge,
  writeDate,
  writeDuration,
  writeLineClass,
  writeOtherNumber,
  writeTimeOfDay,
} from './cells';
import type { LineWriter, UnwritableLineError } from './line-writer';

export interface CallsColumn {
  header: string;
  /** The most bytes a cell has in CP932. A file with a longer one fails, unless the column is a text. */
  bytes: number;
  /** A text from outside is cut to its length, and quotes around it do not count. */
  isText?: true;
  /** The page's reason for a failed file whose cell is too long. */
  failure?: UnwritableLineError['failure'];
  write(line: LineWriter, call: FileCall): void;
}

export const AREA_BYTES = 20;
export const CALL_TYPE_BYTES = 80;

/** The nine columns of 通話明細, as the guide's file layout has them. */
export const CALLS_COLUMNS: readonly CallsColumn[] = [
  { header: 'ご利用電話番号', bytes: 13, write: (line, call) => line.writeText(call.number) },
  { header: '通話開始日時', bytes: 10, write: writeDate },
  { header: '通話開始時刻', bytes: 10, write: writeTimeOfDay },
  { header: '着信電話番号', bytes: 21, write: writeOtherNumber },
  { header: '地域名', bytes: AREA_BYTES, isText: true, write: (line, call) => line.writeText(call.area) },
  { header: '通話時間', bytes: 10, write: writeDuration },
  { header: '内線区分', bytes: 4, write: writeLineClass },
  {
    header: '呼種別',
    bytes: CALL_TYPE_BYTES,
    isText: true,
    write: (line, call) => line.writeText(call.type.label),
  },
  { header: '通話料', bytes: 6, failure: 'too_large_amount', write: writeCharge },
];

/** The six columns of 電話番号別ご利用料金: the number, then sums in yen of these `fees_column`s of its call types. */
export const FEES_FILE_COLUMNS = [
  { header: 'ご利用電話番号', bytes: 13, sums: [] },
  { header: '合計料金', bytes: 12, sums: ['domestic', 'international', 'au', 'other_mobile'] },
  { header: labels.feesColumn.domestic, bytes: 12, sums: ['domestic'] },
  { header: labels.feesColumn.international, bytes: 12, sums: ['international'] },
  { header: labels.feesColumn.au, bytes: 12, sums: ['au'] },
  { header: labels.feesColumn.other_mobile, bytes: 12, sums: ['other_mobile'] },
] as const;

export const buildHeaderLine = (columns: readonly { header: string }[]): string =>
  `${columns.map(({ header }) => header).join(',')}\r\n`;

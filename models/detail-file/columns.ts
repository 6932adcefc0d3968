import {
  type BillingMonth,
  JST_TENTHS,
  monthAfter,
  monthStart,
  TENTHS_OF_DAY,
  TENTHS_OF_HOUR,
} from '../month';
import type { Cell, Encoding } from './cell';
import { chargeCell } from './charge-cell';

/**
 * The nine columns of 通話明細, as the guide's file layout has them. SQL writes the cells, since a row object a call
 * costs more than everything else. `n`, `c`, `a` and `t` are the number, the call, its area and its type.
 */
export interface CallsColumn extends Cell {
  header: string;
  /** The most bytes a cell has in CP932. */
  bytes: number;
}

const two = (number: string): string => `lpad((${number})::text, 2, '0')`;

export function callsColumns(month: BillingMonth, encoding: Encoding): CallsColumn[] {
  const start = monthStart(month);
  const end = monthStart(monthAfter(month));
  const time = `(c.started_at - ${start})`;
  const inMonth = `c.started_at >= ${start} AND c.started_at < ${end}`;
  const yearMonth = `${Math.floor(month / 100)}/${String(month % 100).padStart(2, '0')}`;
  const day = `${time} / ${TENTHS_OF_DAY} + 1`;
  return [
    {
      header: 'ご利用電話番号',
      bytes: 13,
      sqlite: { format: '%s', args: 'n.cell' },
      postgres: 'n.cell',
    },
    {
      header: '通話開始日時',
      bytes: 10,
      // A call into the month has begun before it.
      sqlite: {
        format: '%s',
        args: `strftime('%Y/%m/%d', (c.started_at + ${JST_TENTHS}) / 10, 'unixepoch')`,
      },
      usual: { when: inMonth, format: `${yearMonth}/%02d`, args: day },
      postgres: `CASE WHEN ${inMonth} THEN '${yearMonth}/' || ${two(day)}
        ELSE to_char(timestamp 'epoch' + (c.started_at + ${JST_TENTHS}) / 10 * interval '1 s', 'YYYY/MM/DD') END`,
    },
    {
      header: '通話開始時刻',
      bytes: 10,
      sqlite: {
        format: '%02d:%02d:%02d.%d',
        args: clock(`(c.started_at + ${JST_TENTHS})`, '% 24').join(),
      },
      postgres: postgresClock(`((c.started_at + ${JST_TENTHS}) % ${TENTHS_OF_DAY})`),
    },
    {
      header: '着信電話番号',
      bytes: 21,
      // Without hyphens everything stands in the last piece.
      sqlite: {
        format: '%.*s%.*s%.*s%.*s%s',
        args: `c.hyphens / 10, c.other_number, c.hyphens > 0, '-',
          c.hyphens % 10, substr(c.other_number, c.hyphens / 10 + 1), c.hyphens > 0, '-',
          substr(c.other_number, c.hyphens / 10 + c.hyphens % 10 + 1)`,
      },
      postgres: `CASE WHEN c.hyphens = 0 THEN c.other_number ELSE
        left(c.other_number, c.hyphens / 10) || '-' ||
        substr(c.other_number, c.hyphens / 10 + 1, c.hyphens % 10) || '-' ||
        substr(c.other_number, c.hyphens / 10 + c.hyphens % 10 + 1) END`,
      fits: '(octet_length(c.other_number) <= 19 OR (c.hyphens = 0 AND octet_length(c.other_number) <= 21))',
    },
    {
      header: '地域名',
      bytes: 20,
      sqlite: { format: '%s', args: `a.${encoding}` },
      postgres: `a.${encoding}`,
    },
    {
      header: '通話時間',
      bytes: 10,
      sqlite: {
        format: '%s',
        args: `CASE WHEN t.counted THEN '1件'
          WHEN c.duration < ${100 * TENTHS_OF_HOUR} THEN printf('%02d:%02d:%02d.%d', ${clock('c.duration').join()})
          ELSE printf('%d:%02d:%02d', ${clock('c.duration').slice(0, 3).join()}) END`,
      },
      usual: {
        when: `NOT t.counted AND c.duration < ${100 * TENTHS_OF_HOUR}`,
        format: '%02d:%02d:%02d.%d',
        args: clock('c.duration').join(),
      },
      postgres: `CASE WHEN t.counted THEN '1件'
        WHEN c.duration < ${100 * TENTHS_OF_HOUR} THEN ${postgresClock('c.duration')}
        ELSE ${postgresSeconds('c.duration')} END`,
      fits: `c.duration < ${10_000 * TENTHS_OF_HOUR}`,
    },
    {
      header: '内線区分',
      bytes: 4,
      sqlite: { format: '%s', args: `CASE c.line_class WHEN 0 THEN '外線' ELSE '内線' END` },
      postgres: `CASE c.line_class WHEN 0 THEN '外線' ELSE '内線' END`,
    },
    {
      header: '呼種別',
      bytes: 80,
      sqlite: { format: '%s', args: `t.${encoding}` },
      postgres: `t.${encoding}`,
    },
    { header: '通話料', bytes: 6, ...chargeCell(encoding) },
  ];
}

/** Hours, minutes, seconds and tenths of an amount of 0.1 s. */
function clock(tenths: string, hoursOf = ''): string[] {
  return [
    `${tenths} / ${TENTHS_OF_HOUR} ${hoursOf}`,
    `${tenths} / 600 % 60`,
    `${tenths} / 10 % 60`,
    `${tenths} % 10`,
  ];
}

/** The text of an interval is hh:mm:ss, with more digits where the hours need them; quicker than three lpad(). */
const postgresSeconds = (tenths: string): string => `(${tenths} / 10 * interval '1 s')::text`;

const postgresClock = (tenths: string): string => `${postgresSeconds(tenths)} || '.' || (${tenths} % 10)`;

/** The six columns of 電話番号別ご利用料金: the number, then sums in yen of these `fees_column`s of its call types. */
export const FEES_FILE_COLUMNS = [
  { header: 'ご利用電話番号', bytes: 13, sums: [] },
  { header: '合計料金', bytes: 12, sums: ['domestic', 'international', 'au', 'other_mobile'] },
  { header: '国内通話', bytes: 12, sums: ['domestic'] },
  { header: '国際通話', bytes: 12, sums: ['international'] },
  { header: 'ａｕ通話', bytes: 12, sums: ['au'] },
  { header: 'その他移動体', bytes: 12, sums: ['other_mobile'] },
] as const;

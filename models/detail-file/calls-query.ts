import { isPostgres } from '../db';
import type { BillingMonth } from '../month';
import { IS_ROUNDED, ROUNDED_DIFFERENCE } from './charge-cell';
import type { Encoding } from './cell';
import { type CallsColumn, callsColumns } from './columns';
import type { Text } from './lines';

/** What SQL adds up about the calls of a chunk, beside their lines. */
export interface ChunkRow {
  rows: number;
  /** Lines that could be written. */
  written: number;
  lines: Text | null;
  least: number | null;
  most: number | null;
  replaced: number | null;
  /** 1 where a text is not the same in both files. */
  differs: number | null;
  rounded: number | null;
  difference: number | null;
}

const SUMS = {
  // These cost time with every call: a chunk without 〓 and roundings is read without them.
  cp932: { replaced: 'a.replaced + t.replaced', differs: 'a.differs + t.differs' },
  utf8: { rounded: IS_ROUNDED, difference: ROUNDED_DIFFERENCE },
} as const;

/**
 * Reads the calls of one chunk as one string of finished lines. The bindings are the borders of the chunk.
 * Without `withSums` only the least and the most charge are given.
 */
export function callsQuery(
  contractId: number,
  month: BillingMonth,
  encoding: Encoding,
  withSums: boolean,
): string {
  const columns = callsColumns(month, encoding);
  const line = isPostgres ? postgresLine(columns) : sqliteLine(columns);
  const sums = Object.entries(withSums ? SUMS[encoding] : {});
  return `SELECT count(*) AS rows, count(line) AS written,
      ${isPostgres ? `string_agg(line, '')` : `CAST(group_concat(line, '') AS BLOB)`} AS lines, min(charge) AS least, max(charge) AS most
      ${sums.map(([name]) => `, sum(${name}) AS ${name}`).join('')}
    FROM (SELECT ${line} AS line, c.charge ${sums.map(([name, sql]) => `, ${sql} AS ${name}`).join('')}
      ${fromCalls(contractId, month)}
      ORDER BY n.position, c.started_at, c.id) AS written_lines`;
}

/** Finds a call of a chunk that has no line. */
export function misfitQuery(contractId: number, month: BillingMonth): string {
  const fits = callsColumns(month, 'cp932').flatMap((column) => column.fits ?? []);
  return `SELECT c.id, c.charge, c.duration, octet_length(c.other_number) AS digits
    ${fromCalls(contractId, month)} AND NOT (${fits.join(' AND ')}) LIMIT 1`;
}

/** Number by number along the primary key of `calls`: nothing has to be sorted. */
const fromCalls = (contractId: number, month: BillingMonth): string => `
  FROM file_numbers n
  CROSS JOIN calls c
  CROSS JOIN file_areas a
  CROSS JOIN file_types t
  WHERE a.id = c.area_id AND t.id = c.call_type_id AND n.position BETWEEN ? AND ? AND c.started_at >= ? AND c.started_at < ? AND c.contract_id = ${contractId}
    AND c.billing_month = ${month} AND c.direction = 0 AND c.phone_number_id = n.id`;

/** One printf for a usual call, another for the rest, and nothing for a call with a value that does not fit. */
function sqliteLine(columns: CallsColumn[]): string {
  const usual = columns.map((column) => column.usual ?? column.sqlite);
  const isUsual = columns.flatMap((column) => column.usual?.when ?? column.fits ?? []);
  const rest = columns.map((column) => column.sqlite);
  return `CASE WHEN ${isUsual.join(' AND ')} THEN ${printf(usual)}
    WHEN ${allFit(columns)} THEN ${printf(rest)} END`;
}

const printf = (cells: CallsColumn['sqlite'][]): string =>
  `printf('${cells.map(({ format }) => format).join()}\r\n', ${cells.map(({ args }) => args).join()})`;

function postgresLine(columns: CallsColumn[]): string {
  const cells = columns.map(({ postgres }) => `(${postgres})`);
  return `CASE WHEN ${allFit(columns)} THEN ${cells.join(` || ',' || `)} || E'\\r\\n' END`;
}

const allFit = (columns: CallsColumn[]): string => columns.flatMap(({ fits }) => fits ?? []).join(' AND ');

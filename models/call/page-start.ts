import { type CallSelection, buildSelectionCondition } from './call-filter';
import { db, queryRows } from '../../lib/database/db';
import { getDayStart, TENTHS_OF_DAY, TENTHS_OF_HOUR } from '../../lib/values/jst';

/** Which rows of a list, and of how many. */
export interface CallPage {
  offset: number;
  limit: number;
  total: number;
}

/** The start of a page of calls: read from a time (0.1 s since the epoch) on, or back from before it. */
export interface PageStart {
  isBackward: boolean;
  from: number;
  /** How many calls to pass over. */
  skip: number;
}

/** Skipping this many calls is faster than asking the sums. */
const MAX_CHEAP_SKIP = 300;
const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** The start with the fewest calls to pass over: an end of the list, or of a stretch of time in which the page lies. */
export async function findPageStart(selection: CallSelection, page: CallPage): Promise<PageStart> {
  const { offset, limit, total } = page;
  const ends = [
    { isBackward: false, from: 0, skip: offset },
    { isBackward: true, from: END_OF_TIME, skip: Math.max(0, total - offset - limit) },
  ];
  const isNear = ends.some(({ skip }) => skip <= MAX_CHEAP_SKIP);
  const starts = isNear ? ends : [...ends, ...listStartsWithin(await bucketsAt(selection, offset), page)];
  return starts.reduce((best, start) => (start.skip < best.skip ? start : best));
}

/** A stretch of time, 0.1 s since the epoch, with how many calls there are until its start and until its end. */
interface TimeBucket {
  from: number;
  to: number;
  before: number;
  upTo: number;
}

const listStartsWithin = (buckets: TimeBucket[], { offset, limit }: CallPage): PageStart[] =>
  buckets
    .flatMap(({ from, to, before, upTo }) => [
      { isBackward: false, from, skip: offset - before },
      { isBackward: true, from: to, skip: upTo - offset - limit },
    ])
    .filter(({ skip }) => skip >= 0);

/** The stretch in which a call lies, and the next: hours of a contract, days of a number. */
async function bucketsAt(selection: CallSelection, offset: number): Promise<TimeBucket[]> {
  const [table, column] = selection.number ? ['number_days', 'day'] : ['contract_hours', 'hour'];
  const { sql, bindings } = buildSelectionCondition(selection);
  const rows = await queryRows<{ at: number; calls: number; up_to: number }>(
    db,
    `SELECT * FROM (
      SELECT ${column} AS at, SUM(calls) AS calls, SUM(SUM(calls)) OVER (ORDER BY ${column}) AS up_to
      FROM ${table} WHERE ${sql} GROUP BY ${column}
    ) AS stretches
    WHERE up_to > ? ORDER BY at LIMIT 2`,
    [...bindings, offset],
  );
  const toBucketStart = (at: number) => (selection.number ? getDayStart(at) : at * TENTHS_OF_HOUR);
  const length = selection.number ? TENTHS_OF_DAY : TENTHS_OF_HOUR;
  return rows.map(({ at, calls, up_to }) => ({
    from: toBucketStart(at),
    to: toBucketStart(at) + length,
    before: up_to - calls,
    upTo: up_to,
  }));
}

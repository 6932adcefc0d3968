import { rawRows, type Queryable } from '../db';
import type { BillingMonth } from '../month';
import type { FileNumber } from './numbers';

/** Calls that are read together: all of these numbers that begin at `from` or later and before `to`. */
export interface Chunk {
  /** Positions among the file's numbers, both included. */
  first: number;
  last: number;
  /** 0.1 s since the epoch */
  from: number;
  to: number;
}

const MOST_NUMBERS = 500;
const ALL_TIME = { from: 0, to: Number.MAX_SAFE_INTEGER };

/**
 * Cuts a month into pieces of about `size` calls, in the order of the file: several numbers with few calls, or a span
 * of time of a number with many. A border is the start of a real call, and calls of one start stay together, so that
 * none is left out or read twice.
 */
export async function* chunksOf(
  snapshot: Queryable,
  of: { contractId: number; month: BillingMonth },
  numbers: FileNumber[],
  size: number,
): AsyncGenerator<Chunk> {
  let first = 0;
  while (first < numbers.length) {
    const last = lastTogether(numbers, first, size);
    const chunk = { first, last, ...ALL_TIME };
    const number = numbers[first];
    if (number && number.calls > size) yield* spansOf(snapshot, { ...of, number: number.id, size }, chunk);
    else yield chunk;
    first = last + 1;
  }
}

/** The position of the last number that goes into one chunk with the first. */
function lastTogether(numbers: FileNumber[], first: number, size: number): number {
  let last = first;
  let calls = numbers[first]?.calls ?? 0;
  for (;;) {
    const next = numbers[last + 1];
    if (!next || calls + next.calls > size || last - first + 1 >= MOST_NUMBERS) return last;
    calls += next.calls;
    last += 1;
  }
}

async function* spansOf(
  snapshot: Queryable,
  of: { contractId: number; month: BillingMonth; number: number; size: number },
  whole: Chunk,
): AsyncGenerator<Chunk> {
  let { from } = whole;
  for (;;) {
    const [next] = await rawRows<{ started_at: number }>(
      snapshot,
      `SELECT started_at FROM calls
      WHERE contract_id = ? AND billing_month = ? AND direction = 0 AND phone_number_id = ? AND started_at >= ?
      ORDER BY started_at LIMIT 1 OFFSET ?`,
      [of.contractId, of.month, of.number, from, of.size],
    );
    if (!next) break;
    // More calls than a chunk's with one start: all of them together.
    const to = Math.max(next.started_at, from + 1);
    yield { ...whole, from, to };
    from = to;
  }
  yield { ...whole, from };
}

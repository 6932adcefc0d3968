import { hash } from 'node:crypto';
import { AnswerError, type Visitor } from '../kit/visitor';
import { unzipOne } from '../kit/unzip';

/** Expected content of a file. `charge` in 1/100 yen. */
export interface FileTotals {
  lines: number;
  charge: number;
}

/** Position of the charge in a line: last in `calls`, after the number in `fees`. */
export type ChargeColumn = 'last' | 'second';

const LINE_END = '\r\n';

/**
 * Fetches a file where it is given out, and then it must be whole: as long as announced, the bytes of its ETag, every
 * line, and the right sum, also within a ZIP. False where it is not given out.
 *
 * @throws AnswerError for every other page
 */
export async function fetchWhole(
  visitor: Visitor,
  address: string,
  totals: FileTotals,
  column: ChargeColumn,
): Promise<boolean> {
  const answer = await visitor.fetch(address);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status === 404 || (answer.status < 400 && answer.status >= 300)) return false;
  if (answer.status !== 200) throw new AnswerError(address, answer.status);
  const length = Number(answer.headers.get('content-length'));
  if (bytes.length !== length) throw new Error(`${address}: ${bytes.length} bytes of ${length}`);
  if (answer.headers.get('etag') !== `"${hash('sha256', bytes)}"`)
    throw new Error(`${address}: not the bytes that were made`);
  const text = (address.endsWith('zip') ? unpack(address, bytes) : bytes).toString('latin1');
  compare(address, computeTotals(text, column), totals);
  return true;
}

function unpack(address: string, zip: Buffer): Buffer {
  try {
    return unzipOne(zip);
  } catch (error) {
    throw new Error(`${address}: ${(error as Error).message}`, { cause: error });
  }
}

function compare(address: string, found: FileTotals, { lines, charge }: FileTotals): void {
  if (found.lines !== lines) throw new Error(`${address}: ${found.lines} lines of ${lines}`);
  if (found.charge !== charge)
    throw new Error(`${address}: its charges are ${found.charge}, the calls' ${charge}`);
}

/** Sums up the lines after the header. */
export function computeTotals(text: string, column: ChargeColumn): FileTotals {
  const totals = { lines: 0, charge: 0 };
  let start = text.indexOf(LINE_END) + LINE_END.length;
  for (let end = text.indexOf(LINE_END, start); end >= 0; end = text.indexOf(LINE_END, start)) {
    const comma = column === 'last' ? text.lastIndexOf(',', end) : text.indexOf(',', start);
    const stop = column === 'last' ? end : text.indexOf(',', comma + 1);
    totals.lines += 1;
    totals.charge += Math.round(Number(text.slice(comma + 1, stop)) * 100);
    start = end + LINE_END.length;
  }
  // Text after the last line end is half a line.
  if (start < text.length) totals.lines += 0.5;
  return totals;
}

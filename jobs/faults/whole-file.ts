import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { AnswerError, type Visitor } from '../bench/visitor';

/** What a file must hold. `charge` in 1/100 yen. */
export interface FileTotals {
  lines: number;
  charge: number;
}

/** Where a line of a file has its charge: of `calls` at its end, of `fees` after the number. */
export type ChargeColumn = 'last' | 'second';

const LINE_END = '\r\n';
const END_OF_ZIP = Buffer.from('PK\x05\x06', 'latin1');

/**
 * Fetches a file where it is given out, and then it must be whole: as long as announced, the bytes of its ETag, every
 * line, and the right sum. False where it is not given out.
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
  if (answer.headers.get('etag') !== `"${createHash('sha256').update(bytes).digest('hex')}"`)
    throw new Error(`${address}: not the bytes that were made`);
  if (address.endsWith('zip')) {
    if (bytes.lastIndexOf(END_OF_ZIP) < 0) throw new Error(`${address}: half a ZIP`);
  } else compare(address, totalsOf(bytes.toString('latin1'), column), totals);
  return true;
}

function compare(address: string, found: FileTotals, { lines, charge }: FileTotals): void {
  if (found.lines !== lines) throw new Error(`${address}: ${found.lines} lines of ${lines}`);
  if (found.charge !== charge)
    throw new Error(`${address}: its charges are ${found.charge}, the calls' ${charge}`);
}

/** Of the lines after the header. */
export function totalsOf(text: string, column: ChargeColumn): FileTotals {
  const totals = { lines: 0, charge: 0 };
  let start = text.indexOf(LINE_END) + LINE_END.length;
  for (let end = text.indexOf(LINE_END, start); end >= 0; end = text.indexOf(LINE_END, start)) {
    const comma = column === 'last' ? text.lastIndexOf(',', end) : text.indexOf(',', start);
    const stop = column === 'last' ? end : text.indexOf(',', comma + 1);
    totals.lines += 1;
    totals.charge += Math.round(Number(text.slice(comma + 1, stop)) * 100);
    start = end + LINE_END.length;
  }
  // What follows the last line's end is half a line.
  if (start < text.length) totals.lines += 0.5;
  return totals;
}

/** Files of a store that no finished request explains: unfinished ones, and those of a run that was given up. */
export function leftoversIn(store: string): string[] {
  const claims = new Map<string, string>();
  const leftovers: string[] = [];
  for (const name of readdirSync(store).sort()) {
    const [, id = '', claim = ''] = /^(\d+)-([0-9a-f-]{36})\.[a-z0-9-]+$/.exec(name) ?? [];
    const known = claims.get(id) ?? claim;
    if (id === '' || known !== claim) leftovers.push(name);
    claims.set(id, known);
  }
  return leftovers;
}

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createSeededRandom, type SeededRandom } from '../../jobs/demo/seeded-random';
import { type BillingMonth, addMonths, getMonthStart } from '../../models/billing/month';
import { type CallFileKind, CHARGED_HEADER, drawCall, formatChargedLine, formatRawLine } from './call-lines';

export type CallOrder = 'time' | 'number' | 'random';

export interface CallFileOptions {
  kind: CallFileKind;
  order: CallOrder;
  rows: number;
  numbers: readonly string[];
  month: BillingMonth;
  /** Two files of other seeds have no call in common. */
  seed: string;
}

const BLOCK_LINES = 2000;
/** 0.1 s */
const LAST_DURATION = 300;

/** Writes a file of calls, spread over a month, as an operator gets it. The same options give the same bytes. */
export async function writeCallFile(file: string, options: CallFileOptions): Promise<void> {
  const lines = sortLines(drawLines(options), options.order);
  const stream = createWriteStream(file, { highWaterMark: 1 << 20 });
  if (options.kind === 'charged') stream.write(`${CHARGED_HEADER}\n`);
  for (let first = 0; first < lines.length; first += BLOCK_LINES) {
    const block = lines.slice(first, first + BLOCK_LINES).map(({ text }) => `${text}\n`);
    if (!stream.write(block.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

interface DrawnLine {
  number: string;
  text: string;
}

/** By time. The last but one ends with the month, and the last one in the next. */
function drawLines({ kind, rows, numbers, month, seed }: CallFileOptions): DrawnLine[] {
  const random = createSeededRandom(rows);
  const [start, end] = [getMonthStart(month), getMonthStart(addMonths(month))];
  const step = (end - start) / rows;
  const format = kind === 'charged' ? formatChargedLine : formatRawLine;
  return Array.from({ length: rows }, (_, row) => {
    const isAtEnd = row >= rows - 2;
    const times = isAtEnd
      ? { startedAt: end - LAST_DURATION, duration: LAST_DURATION + (row === rows - 1 ? 1 : 0) }
      : { startedAt: Math.floor(start + row * step) };
    const call = drawCall(random, { row, seed, numbers, ...times });
    return { number: call.number, text: format(call) };
  });
}

function sortLines(lines: DrawnLine[], order: CallOrder): DrawnLine[] {
  if (order === 'number')
    return lines.sort((one, other) => (one.number < other.number ? -1 : Number(one.number > other.number)));
  if (order === 'random') shuffle(lines, createSeededRandom(lines.length + 1));
  return lines;
}

/** Fisher and Yates. */
function shuffle(items: unknown[], random: SeededRandom): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = random.pickBetween(0, last);
    [items[last], items[other]] = [items[other], items[last]];
  }
}

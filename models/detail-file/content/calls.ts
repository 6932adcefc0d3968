import type { Queryable } from '../../../lib/database/db';
import type { BillingMonth } from '../../billing/month';
import { CallCursor } from './call-cursor';
import { CALLS_COLUMNS, type CallsColumn } from './columns';
import { readCallTexts } from './file-texts';
import { LineWriter } from './line-writer';
import { type FileContent, headerLine, type Lines, UnwritableLineError } from './lines';
import { listFileNumbers } from './numbers';
import { readCalls } from './read-calls';

const AT_ONCE = 1000;

/** 通話明細 of a contract and month: a line for each outgoing call. */
export async function callsContent(
  snapshot: Queryable,
  contractId: number,
  month: BillingMonth,
  atOnce = AT_ONCE,
): Promise<FileContent> {
  const numbers = await listFileNumbers(snapshot, contractId, month);
  const call = new CallCursor(await readCallTexts(snapshot, numbers));
  const ids = numbers.map(({ id }) => id);
  return {
    header: headerLine(CALLS_COLUMNS),
    rows: numbers.reduce((sum, { calls }) => sum + calls, 0),
    lines: linesOf(call, readCalls(snapshot, { contractId, month, numbers: ids, atOnce })),
  };
}

async function* linesOf(call: CallCursor, blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  const line = new LineWriter();
  for await (const block of blocks) {
    call.enter(block);
    while (!writeLines(line, call)) yield line.take();
  }
  yield line.take();
}

/** Writes the calls of a block while there is room. Says whether that were all. */
function writeLines(line: LineWriter, call: CallCursor): boolean {
  while (!line.isFull && call.next()) {
    for (const column of CALLS_COLUMNS) {
      const start = line.length;
      column.write(line, call);
      if (line.length - start > column.bytes && !column.isText) throw tooLong(column, call);
      line.endCell();
    }
    line.endLine();
  }
  return call.isAtEnd;
}

function tooLong({ header, bytes, failure }: CallsColumn, call: CallCursor): UnwritableLineError {
  const { id, charge, duration, digitsStart, digitsEnd } = call;
  const values = `charge ${charge} (1/100 yen), duration ${duration} (0.1 s), ${digitsEnd - digitsStart} digits`;
  return new UnwritableLineError(
    `call ${id} does not fit into the ${bytes} bytes of ${header}: ${values}`,
    failure ?? 'unknown',
  );
}

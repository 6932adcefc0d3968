import type { Queryable } from '../../../lib/database/db';
import type { BillingMonth } from '../../billing/month';
import { CallCursor } from './call-cursor';
import { CALLS_COLUMNS, type CallsColumn } from './columns';
import { readCallTexts } from './file-texts';
import { LineWriter } from './line-writer';
import { type FileContent, buildHeaderLine, type Lines, UnwritableLineError } from './lines';
import { listFileNumbers } from './numbers';
import { readCalls } from './read-calls';

const BATCH_SIZE = 1000;

/** 通話明細 of a contract and month: a line for each outgoing call. */
export async function buildCallsContent(
  snapshot: Queryable,
  contractId: number,
  month: BillingMonth,
  atOnce = BATCH_SIZE,
): Promise<FileContent> {
  const numbers = await listFileNumbers(snapshot, contractId, month);
  const call = new CallCursor(await readCallTexts(snapshot, numbers));
  const ids = numbers.map(({ id }) => id);
  return {
    header: buildHeaderLine(CALLS_COLUMNS),
    rows: numbers.reduce((sum, { calls }) => sum + calls, 0),
    lines: generateLines(call, readCalls(snapshot, { contractId, month, numbers: ids, atOnce })),
  };
}

async function* generateLines(call: CallCursor, blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
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
      if (line.length - start > column.bytes && !column.isText) throw createTooLongError(column, call);
      line.endCell();
    }
    line.endLine();
  }
  return call.isAtEnd;
}

function createTooLongError({ header, bytes, failure }: CallsColumn, call: CallCursor): UnwritableLineError {
  const { id, charge, duration, digitsStart, digitsEnd } = call;
  const values = `charge ${charge} (1/100 yen), duration ${duration} (0.1 s), ${digitsEnd - digitsStart} digits`;
  return new UnwritableLineError(
    `call ${id} does not fit into the ${bytes} bytes of ${header}: ${values}`,
    failure ?? 'unknown',
  );
}

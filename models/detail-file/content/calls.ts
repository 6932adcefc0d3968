import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Database } from 'sqlite3';
import { db, getDriverConnection, isPostgres, type Queryable } from '../../../lib/database/db';
import type { BillingMonth } from '../../billing/month';
import { OUTGOING } from '../../call/new-call';
import { CALL_FIELDS, CallCursor, type CallKey } from './call-cursor';
import { readCallTexts } from './cells';
import { AREA_BYTES, buildHeaderLine, CALL_TYPE_BYTES, CALLS_COLUMNS, type CallsColumn } from './columns';
import { type FileContent, type Lines, LineWriter, UnwritableLineError } from './line-writer';
import { listFileNumbers } from './numbers';

const BATCH_SIZE = 1000;

/** 通話明細 of a contract and month: a line for each outgoing call. */
export async function buildCallsContent(
  snapshot: Queryable,
  contractId: number,
  month: BillingMonth,
  atOnce = BATCH_SIZE,
): Promise<FileContent> {
  const numbers = await listFileNumbers(snapshot, contractId, month);
  const call = new CallCursor(
    await readCallTexts(snapshot, numbers, { area: AREA_BYTES, type: CALL_TYPE_BYTES }),
  );
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

/** Writes the calls of a block while there is room. Returns whether all of them are written. */
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

/** Selects the outgoing calls of some of a contract's numbers in a month. */
export interface CallQuery {
  contractId: number;
  month: BillingMonth;
  /** Ids of telephone numbers, in the order of the file. */
  numbers: number[];
  /** How many calls a query fetches on SQLite; PostgreSQL streams them all. */
  atOnce: number;
}

const LINE_FEED = 0x0a;

/** Gives the calls in the order of the file and the notation that `CallCursor` reads, in blocks of whole lines. */
export const readCalls = (snapshot: Queryable, wanted: CallQuery): AsyncIterable<Uint8Array> =>
  isPostgres ? copyCalls(snapshot, wanted) : fetchCalls(snapshot, wanted);

const START_KEY: CallKey = { position: -1, started_at: 0, id: 0 };

/** SQLite: fetches one block after the other, each beginning after the last call of the previous one. */
async function* fetchCalls(snapshot: Queryable, wanted: CallQuery): AsyncGenerator<Uint8Array> {
  await fillFileNumbers(snapshot, wanted.numbers);
  const sql = buildBlockQuery(wanted);
  const connection = (await getDriverConnection(snapshot)) as Database;
  let nextBlock = fetchBlock(connection, sql, START_KEY);
  try {
    for (;;) {
      const block = await nextBlock;
      if (!block) return;
      // SQLite works on the next block while this one is written.
      nextBlock = fetchBlock(connection, sql, parseLastKey(block));
      // Avoids an unhandledRejection; the awaiting consumer gets the error.
      nextBlock.catch(() => undefined);
      yield block;
    }
  } finally {
    // The read-ahead query must finish before the transaction ends.
    await nextBlock.catch(() => undefined);
  }
}

/** Uses the driver directly: Knex would start the query only on `await`. */
function fetchBlock(connection: Database, sql: string, after: CallKey): Promise<Buffer | null | undefined> {
  const bindings = { ':position': after.position, ':started_at': after.started_at, ':id': after.id };
  return new Promise((resolve, reject) => {
    connection.all<{ block: Buffer | null }>(sql, bindings, (error, rows) => {
      if (error) reject(error);
      else resolve(rows[0]?.block);
    });
  });
}

/** Stores the numbers in a table that lives as long as the connection. */
export async function fillFileNumbers(snapshot: Queryable, numbers: number[]): Promise<void> {
  await snapshot.raw('CREATE TEMP TABLE file_numbers (position integer PRIMARY KEY, id integer NOT NULL)');
  const json = JSON.stringify(numbers);
  await snapshot.raw('INSERT INTO file_numbers SELECT key, value FROM json_each(?)', [json]);
}

/**
 * Reads along the primary key of `calls`, so that nothing has to be sorted. The number in which the previous block ended
 * is continued after its last call.
 */
export const buildBlockQuery = ({ contractId, month, atOnce }: Omit<CallQuery, 'numbers'>): string => `
  SELECT CAST(group_concat(line, x'0a') || x'0a' AS BLOB) AS block
  FROM (
    SELECT json_array(${CALL_FIELDS.join(', ')}) AS line
    FROM file_numbers n CROSS JOIN calls c
    WHERE n.position >= :position AND c.contract_id = ${contractId} AND c.billing_month = ${month}
      AND c.direction = ${OUTGOING} AND c.phone_number_id = n.id
      AND c.started_at >= CASE n.position WHEN :position THEN :started_at ELSE 0 END
      AND (n.position, c.started_at, c.id) > (:position, :started_at, :id)
    ORDER BY n.position, c.started_at, c.id
    LIMIT ${atOnce}
  )`;

function parseLastKey(block: Buffer): CallKey {
  const start = block.lastIndexOf(LINE_FEED, -2) + 1;
  const [position = 0, started_at = 0, id = 0] = JSON.parse(block.toString('latin1', start)) as number[];
  return { position, started_at, id };
}

const BEFORE_COPY = 'before_copy';

/** `processID` is the server's process for this connection; the driver's types leave it out. */
type PostgresConnection = Client & { processID: number };

/** PostgreSQL: one COPY of all calls. */
async function* copyCalls(snapshot: Queryable, wanted: CallQuery): AsyncGenerator<Uint8Array> {
  // Statistics may be older than the last import. Along the primary key nothing has to be sorted.
  for (const setting of ['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'jit'])
    await snapshot.raw(`SET LOCAL ${setting} = off`);
  await snapshot.raw(`SAVEPOINT ${BEFORE_COPY}`);
  const connection = (await getDriverConnection(snapshot)) as PostgresConnection;
  const stream = connection.query(copyTo(buildCopyQuery(wanted)));
  let isLeftEarly = true;
  try {
    yield* splitWholeLines(stream);
    isLeftEarly = false;
  } catch (error) {
    isLeftEarly = false;
    throw error;
  } finally {
    if (isLeftEarly) await cancelCopy(snapshot, connection, stream);
  }
}

/**
 * Makes the connection usable again: the server stops, what it has sent is drained, and the transaction, which the
 * cancelling aborts, is rolled back to the savepoint.
 */
async function cancelCopy(
  snapshot: Queryable,
  { processID }: PostgresConnection,
  stream: Readable,
): Promise<void> {
  await db.raw('SELECT pg_cancel_backend(?)', [processID]).catch(() => undefined);
  stream.resume();
  await finished(stream).catch(() => undefined);
  await snapshot.raw(`ROLLBACK TO SAVEPOINT ${BEFORE_COPY}`);
}

/** Reads each number's calls along the primary key, number by number: PostgreSQL keeps the order of both. */
const buildCopyQuery = ({ contractId, month, numbers }: CallQuery): string => `
  COPY (
    SELECT ${CALL_FIELDS.join(', ')}
    FROM (SELECT id, place - 1 AS position FROM unnest(ARRAY[${numbers.join()}]::integer[]) WITH ORDINALITY AS t (id, place)) n
    CROSS JOIN LATERAL (
      SELECT * FROM calls
      WHERE contract_id = ${contractId} AND billing_month = ${month} AND direction = ${OUTGOING}
        AND phone_number_id = n.id
      ORDER BY started_at, id
    ) c
  ) TO STDOUT (DELIMITER ',')`;

/** Cuts the stream into whole lines: a piece from the socket ends anywhere. */
async function* splitWholeLines(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield Buffer.concat([rest, piece.subarray(0, end)]);
    rest = end > 0 ? piece.subarray(end) : Buffer.concat([rest, piece]);
  }
}

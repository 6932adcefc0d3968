import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { OUTGOING } from '../../call/new-call';
import { db, getDriverConnection, type Queryable } from '../../../lib/database/db';
import { CALL_FIELDS } from './call-cursor';
import type { CallQuery } from './read-calls';

const LINE_FEED = 0x0a;
const BEFORE_COPY = 'before_copy';

/** `processID` is that of the server's process. */
type Connection = Client & { processID: number };

/** PostgreSQL: one COPY of all calls. */
export async function* copyCalls(snapshot: Queryable, wanted: CallQuery): AsyncGenerator<Uint8Array> {
  // Statistics may be older than the last import. Along the primary key nothing has to be sorted.
  for (const setting of ['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'jit'])
    await snapshot.raw(`SET LOCAL ${setting} = off`);
  await snapshot.raw(`SAVEPOINT ${BEFORE_COPY}`);
  const connection = (await getDriverConnection(snapshot)) as Connection;
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
 * The connection is of use again when the server has stopped and all that it sent has been taken. What is cancelled
 * aborts its transaction as well, back to the last savepoint.
 */
async function cancelCopy(snapshot: Queryable, { processID }: Connection, stream: Readable): Promise<void> {
  await db.raw('SELECT pg_cancel_backend(?)', [processID]).catch(() => undefined);
  stream.resume();
  await finished(stream).catch(() => undefined);
  await snapshot.raw(`ROLLBACK TO SAVEPOINT ${BEFORE_COPY}`);
}

/** Each number's calls along the primary key, number by number: PostgreSQL keeps the order of both. */
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

/** A piece from the socket ends anywhere. */
async function* splitWholeLines(stream: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield Buffer.concat([rest, piece.subarray(0, end)]);
    rest = end > 0 ? piece.subarray(end) : Buffer.concat([rest, piece]);
  }
}

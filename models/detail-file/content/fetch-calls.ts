import type { Database } from 'sqlite3';
import { OUTGOING } from '../../call/new-call';
import { getDriverConnection, type Queryable } from '../../../lib/database/db';
import { CALL_FIELDS, type CallKey } from './call-cursor';
import type { CallQuery } from './read-calls';

const LINE_FEED = 0x0a;
const START_KEY: CallKey = { position: -1, started_at: 0, id: 0 };

/** SQLite: fetches a block after the other, each beginning after the last call of the one before. */
export async function* fetchCalls(snapshot: Queryable, wanted: CallQuery): AsyncGenerator<Uint8Array> {
  await fillFileNumbers(snapshot, wanted.numbers);
  const sql = buildBlockQuery(wanted);
  const connection = (await getDriverConnection(snapshot)) as Database;
  let nextBlock = fetchBlock(connection, sql, START_KEY);
  try {
    for (;;) {
      const block = await nextBlock;
      if (!block) return;
      // SQL works on the next block while this one is written.
      nextBlock = fetchBlock(connection, sql, parseLastKey(block));
      // Whoever waits for it sees the error; until then nobody may be waiting.
      nextBlock.catch(() => undefined);
      yield block;
    }
  } finally {
    // The connection must be free of it when the transaction ends.
    await nextBlock.catch(() => undefined);
  }
}

/** By the driver, which begins at once: Knex would only after the lines of the block before. */
function fetchBlock(connection: Database, sql: string, after: CallKey): Promise<Buffer | null | undefined> {
  const bindings = { ':position': after.position, ':started_at': after.started_at, ':id': after.id };
  return new Promise((resolve, reject) => {
    connection.all<{ block: Buffer | null }>(sql, bindings, (error, rows) => {
      if (error) reject(error);
      else resolve(rows[0]?.block);
    });
  });
}

/** The table lives as long as the connection. */
export async function fillFileNumbers(snapshot: Queryable, numbers: number[]): Promise<void> {
  await snapshot.raw('CREATE TEMP TABLE file_numbers (position integer PRIMARY KEY, id integer NOT NULL)');
  const json = JSON.stringify(numbers);
  await snapshot.raw('INSERT INTO file_numbers SELECT key, value FROM json_each(?)', [json]);
}

/** Along the primary key of `calls`: nothing has to be sorted. Of the number where the last block ended, only what is left. */
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

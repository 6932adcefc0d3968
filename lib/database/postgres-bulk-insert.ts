import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BulkColumn, BulkInsert, BulkValue } from './bulk-rows';

const BLOCK = 1 << 16;

/** Writes rows by COPY into `target`, a table with its columns. */
export function createPostgresBulkInsert(
  connection: Client,
  target: string,
  columns: readonly BulkColumn[],
): BulkInsert {
  const stream = connection.query(copyFrom(`COPY ${target} FROM STDIN`));
  const ended = finished(stream);
  let hasFailed = false;
  // The next addAll() or end() gets the error.
  ended.catch(() => (hasFailed = true));
  const kinds = columns.map(({ kind }) => kind);
  let block = '';
  const write = async () => {
    if (hasFailed) return ended;
    const isReady = stream.write(block);
    block = '';
    if (!isReady) await Promise.race([once(stream, 'drain'), ended]);
  };
  return {
    async addAll(rows) {
      for (const row of rows) {
        block += formatCopyLine(row, kinds);
        if (block.length >= BLOCK) await write();
      }
    },
    async end() {
      if (!hasFailed && !stream.writableEnded) stream.end(block);
      await ended;
    },
  };
}

/** Numbers and ASCII texts without control characters and backslashes need no quoting; bytes are written in hexadecimal. */
function formatCopyLine(row: BulkValue[], kinds: BulkColumn['kind'][]): string {
  let line = '';
  for (let place = 0; place < kinds.length; place += 1) {
    if (place > 0) line += '\t';
    const value = String(row[place]);
    line += kinds[place] === 'bytes' ? `\\\\x${Buffer.from(value, 'latin1').toString('hex')}` : value;
  }
  return `${line}\n`;
}

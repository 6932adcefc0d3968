import { rawRows, type Queryable } from '../db';
import type { BillingMonth } from '../month';
import { type ChunkRow, callsQuery, misfitQuery } from './calls-query';
import { areExact } from './charge-cell';
import { type Chunk, chunksOf } from './chunks';
import { callsColumns } from './columns';
import { fillFileTables } from './file-tables';
import { type FileContent, headerLine, type Lines, UnwritableLineError } from './lines';
import { listFileNumbers } from './numbers';

/** Calls that are read, encoded and written at once: half a megabyte. */
const CHUNK_SIZE = 5000;

/** 通話明細 of a contract and month: a line for each outgoing call. */
export async function callsContent(
  snapshot: Queryable,
  contractId: number,
  month: BillingMonth,
  chunkSize = CHUNK_SIZE,
): Promise<FileContent> {
  const numbers = await listFileNumbers(snapshot, contractId, month);
  const textsDiffer = await fillFileTables(snapshot, numbers);
  const chunks = chunksOf(snapshot, { contractId, month }, numbers, chunkSize);
  const reader = new ChunkReader(snapshot, contractId, month, textsDiffer);
  return {
    header: headerLine(callsColumns(month, 'cp932')),
    rows: numbers.reduce((sum, { calls }) => sum + calls, 0),
    lines: oneAhead(chunks, (chunk) => reader.read(chunk)),
  };
}

class ChunkReader {
  private readonly usual: string;
  private readonly exact: string;

  constructor(
    private readonly snapshot: Queryable,
    private readonly contractId: number,
    private readonly month: BillingMonth,
    textsDiffer: boolean,
  ) {
    this.usual = callsQuery(contractId, month, 'cp932', textsDiffer);
    this.exact = callsQuery(contractId, month, 'utf8', true);
  }

  async read(chunk: Chunk): Promise<Lines> {
    const row = await this.query<ChunkRow>(this.usual, chunk);
    if (row.written < row.rows) throw await this.misfit(chunk);
    const cp932 = row.lines ?? '';
    const isSame = !row.differs && areExact(row.least ?? 0, row.most ?? 0);
    // Seldom: the chunk is read once more with its whole texts and exact amounts.
    const exact = isSame ? undefined : await this.query<ChunkRow>(this.exact, chunk);
    return {
      rows: row.rows,
      cp932,
      utf8: exact?.lines ?? cp932,
      replacedCharacters: row.replaced ?? 0,
      roundedAmounts: exact?.rounded ?? 0,
      roundedDifference: exact?.difference ?? 0,
    };
  }

  private async query<Row>(sql: string, { first, last, from, to }: Chunk): Promise<Row> {
    const [row] = await rawRows<Row>(this.snapshot, sql, [first, last, from, to]);
    if (!row) throw new Error('an aggregate without a row');
    return row;
  }

  private async misfit(chunk: Chunk): Promise<UnwritableLineError> {
    const sql = misfitQuery(this.contractId, this.month);
    const call = await this.query<{ id: number; charge: number; duration: number; digits: number }>(
      sql,
      chunk,
    );
    const values = `charge ${call.charge} (1/100 yen), duration ${call.duration} (0.1 s), ${call.digits} digits`;
    const isCharge = areExact(call.charge, call.charge) ? 'unknown' : 'too_large_amount';
    return new UnwritableLineError(`call ${call.id} does not fit into its columns: ${values}`, isCharge);
  }
}

/** Begins to read a chunk before the one before it is wanted: SQL works while that is encoded and written. */
async function* oneAhead(
  chunks: AsyncIterable<Chunk>,
  read: (chunk: Chunk) => Promise<Lines>,
): AsyncGenerator<Lines> {
  let ahead: Promise<Lines> | undefined;
  try {
    for await (const chunk of chunks) {
      const ready = await ahead;
      ahead = read(chunk);
      // Whoever waits for it sees the error; until then nobody may be waiting.
      ahead.catch(() => undefined);
      if (ready) yield ready;
    }
    if (ahead) yield await ahead;
  } finally {
    // The connection must be free of it when the transaction ends.
    await ahead?.catch(() => undefined);
  }
}

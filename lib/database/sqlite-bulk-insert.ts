import type { Database, Statement } from 'sqlite3';
import type { BulkColumn, BulkInsert, BulkValue } from './bulk-rows';

const BATCH_SIZE = 5000;
const SORTED_BATCH_SIZE = 50_000;

/** Writes packed rows into `target`, a table with its columns; with `order` each 50,000 rows are sorted. */
export function createSqliteBulkInsert(
  connection: Database,
  target: string,
  columns: readonly BulkColumn[],
  order?: string,
): BulkInsert {
  const packed = new PackedRows(columns, order ? SORTED_BATCH_SIZE : BATCH_SIZE);
  // OR FAIL: by default SQLite would journal every page, to undo the statement if it fails.
  const sql = `INSERT OR FAIL INTO ${target} ${buildUnpackQuery(columns)}${order ? ` ORDER BY ${order}` : ''}`;
  const statement = prepareStatement(connection, sql);
  let writing: Promise<unknown> = statement;
  let ended: Promise<void> | undefined;
  // The next addAll() or end() gets the error.
  statement.catch(() => undefined);
  /** Starts to write, so that SQLite works on these rows while the next are packed. */
  const flush = async () => {
    await writing;
    writing = runStatement(await statement, packed.bytes);
    writing.catch(() => undefined);
    packed.clear();
  };
  const finish = async () => {
    try {
      if (!packed.isEmpty) await flush();
      await writing;
    } finally {
      // SQLite does not close a connection that has statements.
      (await statement).finalize();
    }
  };
  return {
    async addAll(rows) {
      for (const row of rows) {
        packed.add(row);
        if (packed.isFull) await flush();
      }
    },
    end: () => (ended ??= finish()),
  };
}

const prepareStatement = (connection: Database, sql: string): Promise<Statement> =>
  new Promise((resolve, reject) => {
    connection.prepare(sql, function (error) {
      if (error) reject(error);
      else resolve(this);
    });
  });

/** The driver copies the bytes before it returns. */
const runStatement = (statement: Statement, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    statement.run([bytes], (error: Error | null) => (error ? reject(error) : resolve()));
  });

/**
 * Rows of fixed width in one run of bytes, which SQLite takes apart by substr(). A statement per row, or JSON, takes
 * five times as long.
 */
export class PackedRows {
  /** A row of zeros and empty texts, onto which the values are written. */
  private readonly blank: Buffer;
  private readonly all: Buffer;
  private readonly cells: PackedCell[];
  private at = 0;

  constructor(columns: readonly BulkColumn[], most: number) {
    const blanks = columns.map(({ kind, width }) => (kind === 'text' ? ' ' : '0').repeat(width));
    this.blank = Buffer.from(blanks.join(''), 'latin1');
    this.all = Buffer.alloc(most * this.blank.length, this.blank);
    let start = 0;
    this.cells = columns.map((column) => {
      start += column.width;
      const least = column.kind === 'bytes' ? column.width : 0;
      return { column, start: start - column.width, width: column.width, least };
    });
  }

  get isEmpty(): boolean {
    return this.at === 0;
  }

  get isFull(): boolean {
    return this.at === this.all.length;
  }

  /** @throws Error if a value does not fit */
  add(row: readonly BulkValue[]): void {
    const { all, cells, at } = this;
    let place = 0;
    for (const { column, start, width, least } of cells) {
      const value = row[place] ?? '';
      place += 1;
      const fits =
        typeof value === 'number'
          ? packNumber(all, value, at + start, width)
          : value.length >= least && packText(all, value, at + start, width);
      if (!fits) throw new Error(`${column.name}: ${value} does not fit`);
    }
    this.at += this.blank.length;
  }

  /** The rows that were added. The bytes are reused by the next add() or clear(). */
  get bytes(): Buffer {
    return this.all.subarray(0, this.at);
  }

  clear(): void {
    this.all.fill(this.blank, 0, this.at);
    this.at = 0;
  }
}

interface PackedCell {
  column: BulkColumn;
  /** Offset within the row. */
  start: number;
  width: number;
  /** The fewest characters. */
  least: number;
}

const ZERO = 48;
const MINUS = 45;
const BILLION = 1_000_000_000;
const BILLION_DIGITS = 9;

/** Writes the digits from the end, nine at a time: division is fast for small integers only. */
function packNumber(bytes: Buffer, value: number, start: number, width: number): boolean {
  let rest = Math.abs(value);
  let end = start + width;
  while (rest > 0 && end > start) {
    const next = rest < BILLION ? 0 : Math.floor(rest / BILLION);
    let digits = (rest - next * BILLION) | 0;
    let at = end;
    while (digits > 0 && at > start) {
      const tens = (digits / 10) | 0;
      at -= 1;
      bytes[at] = ZERO + digits - tens * 10;
      digits = tens;
    }
    rest = digits > 0 ? 1 : next;
    end -= BILLION_DIGITS;
  }
  if (value >= 0) return rest === 0;
  const hasRoom = bytes[start] === ZERO;
  bytes[start] = MINUS;
  return rest === 0 && hasRoom;
}

const packText = (bytes: Buffer, value: string, start: number, width: number): boolean =>
  bytes.write(value, start, width, 'latin1') === value.length;

/** SQL that turns such bytes (one row at least) back into rows. They are its binding `?1`, which SQLite does not copy. */
export function buildUnpackQuery(columns: readonly BulkColumn[]): string {
  const rowBytes = columns.reduce((sum, { width }) => sum + width, 0);
  let at = 0;
  const cells = columns.map(({ name, kind, width }) => {
    const bytes = `substr(?1, start + ${at}, ${width})`;
    at += width;
    if (kind === 'bytes') return `${bytes} AS ${name}`;
    return `${kind === 'text' ? `rtrim(CAST(${bytes} AS text))` : `CAST(${bytes} AS integer)`} AS ${name}`;
  });
  return `WITH RECURSIVE starts(start) AS (
      SELECT 1 UNION ALL SELECT start + ${rowBytes} FROM starts WHERE start + ${rowBytes} <= length(?1))
    SELECT ${cells.join(', ')} FROM starts`;
}

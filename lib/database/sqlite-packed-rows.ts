/** A column of a table into which many rows are written at once. */
export interface PackedColumn {
  name: string;
  /** `bytes` are given as a text, a character each; `text` is ASCII without spaces at its end. */
  kind: 'integer' | 'bigint' | 'text' | 'bytes';
  /** Digits (and a sign) or characters at most; just so many bytes. */
  width: number;
}

export type PackedValue = number | string;

/**
 * Rows of fixed width in one run of bytes, which SQLite takes apart by substr(): a statement a row, or JSON, takes it
 * five times as long.
 */
export class PackedRows {
  /** A row of zeros and of texts without a character, on which the values are written. */
  private readonly blank: Buffer;
  private readonly all: Buffer;
  private readonly cells: PackedCell[];
  private at = 0;

  constructor(columns: readonly PackedColumn[], most: number) {
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

  /** @throws Error where a value does not fit */
  add(row: readonly PackedValue[]): void {
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

  /** The rows that were added, until the next is, or clear() is called. */
  get bytes(): Buffer {
    return this.all.subarray(0, this.at);
  }

  clear(): void {
    this.all.fill(this.blank, 0, this.at);
    this.at = 0;
  }
}

interface PackedCell {
  column: PackedColumn;
  /** Within the row. */
  start: number;
  width: number;
  /** Characters at least. */
  least: number;
}

const ZERO = 48;
const MINUS = 45;
const BILLION = 1_000_000_000;
const BILLION_DIGITS = 9;

/** From the end. Divisions of small integers are the quick ones, so the digits are made nine at a time. */
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

/** SQL that makes rows of such bytes again, at least one: they are its binding `?1`, and copied nowhere. */
export function buildUnpackQuery(columns: readonly PackedColumn[]): string {
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

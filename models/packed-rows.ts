/** A column of a table into which many rows are written at once. */
export interface PackedColumn {
  name: string;
  /** `hex` is given as hexadecimal digits and stored as bytes; `text` is ASCII without spaces at its end. */
  kind: 'integer' | 'bigint' | 'text' | 'hex';
  /** Digits (and a sign), characters or bytes at most. */
  width: number;
}

export type PackedValue = number | string;

const ZERO = 48;
const MINUS = 45;
const SPACE = 32;
const BILLION = 1_000_000_000;
const DIGITS_OF_BILLION = 9;

/**
 * Rows of fixed width in one run of bytes, which SQLite takes apart by substr(): a statement a row, or JSON, takes it
 * five times as long.
 */
export class PackedRows {
  private readonly rowBytes: number;
  private readonly bytes: Buffer;
  private at = 0;

  constructor(
    private readonly columns: readonly PackedColumn[],
    most: number,
  ) {
    this.rowBytes = columns.reduce((sum, { width }) => sum + width, 0);
    this.bytes = Buffer.alloc(most * this.rowBytes);
  }

  get isEmpty(): boolean {
    return this.at === 0;
  }

  get isFull(): boolean {
    return this.at === this.bytes.length;
  }

  /** @throws Error where a value does not fit */
  add(row: readonly PackedValue[]): void {
    let { at } = this;
    let place = 0;
    for (const { name, kind, width } of this.columns) {
      const value = row[place] ?? '';
      const fits =
        typeof value === 'number' ? this.packNumber(value, at, width) : this.packText(value, kind, at, width);
      if (!fits) throw new Error(`${name}: ${value} does not fit`);
      at += width;
      place += 1;
    }
    this.at = at;
  }

  /** The rows that were added, good until the next is. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.at);
    this.at = 0;
    return taken;
  }

  /** Divisions of small integers are the quick ones, so the digits are made nine at a time. */
  private packNumber(value: number, start: number, width: number): boolean {
    let rest = Math.abs(value);
    let end = start + width;
    while (end > start) {
      const next = rest < BILLION ? 0 : Math.floor(rest / BILLION);
      let digits = rest - next * BILLION;
      const first = Math.max(start, end - DIGITS_OF_BILLION);
      for (let at = end - 1; at >= first; at -= 1) {
        const tens = (digits / 10) | 0;
        this.bytes[at] = ZERO + digits - tens * 10;
        digits = tens;
      }
      rest = digits > 0 ? 1 : next;
      end = first;
    }
    if (value >= 0) return rest === 0;
    const hasRoom = this.bytes[start] === ZERO;
    this.bytes[start] = MINUS;
    return rest === 0 && hasRoom;
  }

  private packText(value: string, kind: PackedColumn['kind'], at: number, width: number): boolean {
    if (kind === 'hex') return this.bytes.write(value, at, width, 'hex') === width;
    if (value.length > width) return false;
    this.bytes.fill(SPACE, at + value.length, at + width);
    return this.bytes.write(value, at, 'latin1') === value.length;
  }
}

/** SQL that makes rows of such bytes again, at least one: they are its binding `?1`, and copied nowhere. */
export function selectPacked(columns: readonly PackedColumn[]): string {
  const rowBytes = columns.reduce((sum, { width }) => sum + width, 0);
  let at = 0;
  const cells = columns.map(({ kind, width }) => {
    const bytes = `substr(?1, start + ${at}, ${width})`;
    at += width;
    if (kind === 'hex') return bytes;
    return kind === 'text' ? `rtrim(CAST(${bytes} AS text))` : `CAST(${bytes} AS integer)`;
  });
  return `WITH RECURSIVE starts(start) AS (
      SELECT 1 UNION ALL SELECT start + ${rowBytes} FROM starts WHERE start + ${rowBytes} <= length(?1))
    SELECT ${cells.join(', ')} FROM starts`;
}

import { getHyphensOfBytes } from '../../phone-number/parse-phone-number';
import { type CallTexts, type FileCall, type FileCallType, toCsvText } from './cells';

/**
 * The fields that a query packs into a line of text, in this order: `n` is the telephone number, `c` the call. Each
 * database uses the notation it writes fastest: [0,14302080000,…,"0312345678"] on SQLite, without brackets and quotes on
 * PostgreSQL. Thousands of calls then arrive as one value (SQLite) or one COPY (PostgreSQL), not as a row object each.
 */
export const CALL_FIELDS = [
  'n.position',
  'c.started_at',
  'c.id',
  'c.duration',
  'c.area_id',
  'c.line_class',
  'c.call_type_id',
  'c.charge',
  'c.other_number',
] as const;

/** The sort key of a call: the position of its number among the file's numbers, its start (0.1 s), its id. */
export interface CallKey {
  position: number;
  started_at: number;
  id: number;
}

const MINUS = 0x2d;
const ZERO = 0x30;
const QUOTE = 0x22;
const BRACKET = 0x5b;
const LINE_FEED = 0x0a;
const NONE = toCsvText('');

/**
 * Steps through blocks of packed calls. The cursor is itself the current call, so that a million calls create no objects;
 * `LineWriter` has the measured gain of the two.
 */
export class CallCursor implements FileCall, CallKey {
  position = -1;
  number = NONE;
  started_at = 0;
  id = 0;
  duration = 0;
  digits: Uint8Array = NONE.utf8;
  digitsStart = 0;
  digitsEnd = 0;
  hyphens = 0;
  area = NONE;
  line_class = 0;
  type: FileCallType = { label: NONE, counted: false };
  charge = 0;
  private place = 0;

  constructor(private readonly texts: CallTexts) {}

  get isAtEnd(): boolean {
    return this.place >= this.digits.length;
  }

  /** Moves to before the first call of a block of whole lines. */
  enter(block: Uint8Array): void {
    this.digits = block;
    this.place = 0;
  }

  /**
   * Moves to the next call; false at the end of the block.
   *
   * @throws Error if it does not follow the previous call in the order of the file.
   */
  next(): boolean {
    if (this.isAtEnd) return false;
    this.readKey();
    this.duration = this.readInteger();
    this.area = this.texts.area(this.readInteger());
    this.line_class = this.readInteger();
    this.type = this.texts.type(this.readInteger());
    this.charge = this.readInteger();
    this.findDigits();
    this.hyphens = getHyphensOfBytes(this.digits, this.digitsStart, this.digitsEnd);
    return true;
  }

  private readKey(): void {
    const { position, started_at, id } = this;
    if (this.digits[this.place] === BRACKET) this.place += 1;
    this.position = this.readInteger();
    this.started_at = this.readInteger();
    this.id = this.readInteger();
    if (this.position > position) this.number = this.texts.number(this.position);
    else if (
      this.position < position ||
      this.started_at < started_at ||
      (this.started_at === started_at && this.id <= id)
    )
      throw new Error(`call ${this.id} was read after call ${id}, but belongs before it`);
  }

  /** Finds the other number's digits and moves to the end of the line. */
  private findDigits(): void {
    const bytes = this.digits;
    let { place } = this;
    if (bytes[place] === QUOTE) place += 1;
    this.digitsStart = place;
    while ((bytes[place] ?? 0) >= ZERO) place += 1;
    this.digitsEnd = place;
    while (bytes[place] !== LINE_FEED) place += 1;
    this.place = place + 1;
  }

  /** Reads an integer and skips the byte after it. */
  private readInteger(): number {
    const bytes = this.digits;
    let { place } = this;
    const isNegative = bytes[place] === MINUS;
    if (isNegative) place += 1;
    let value = 0;
    for (;;) {
      const digit = (bytes[place] ?? 0) - ZERO;
      place += 1;
      if (digit < 0) break;
      value = value * 10 + digit;
    }
    this.place = place;
    return isNegative ? -value : value;
  }
}

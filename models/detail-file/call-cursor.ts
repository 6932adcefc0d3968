import type { FileCall, FileCallType } from './columns';
import { type CsvText, csvText } from './csv-text';

/**
 * What is read of a call, in this order, with a space between and a line feed at the end: both databases write that
 * quickly, and it is quickly read. `n` is the telephone number, `c` the call.
 */
export const CALL_FIELDS = [
  'n.position',
  'c.started_at',
  'c.id',
  'c.duration',
  'c.other_number',
  'c.hyphens',
  'c.area_id',
  'c.line_class',
  'c.call_type_id',
  'c.charge',
] as const;

/** Where a call stands in the file: the place of its number among the file's numbers, its start, its id. */
export interface CallKey {
  position: number;
  started_at: number;
  id: number;
}

/** The finished cells that the ids of a call stand for. */
export interface CallTexts {
  number(position: number): CsvText;
  area(id: number): CsvText;
  type(id: number): FileCallType;
}

const MINUS = 0x2d;
const ZERO = 0x30;
const SPACE = 0x20;
const NONE = csvText('');

/** Goes through blocks of calls, and is itself the call on which it stands: no call needs an object of its own. */
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

  /** Stands before the first call of a block of whole lines. */
  enter(block: Uint8Array): void {
    this.digits = block;
    this.place = 0;
  }

  /**
   * Goes to the next call; false at the end of the block.
   *
   * @throws Error where that does not follow the one before in the order of the file.
   */
  next(): boolean {
    if (this.isAtEnd) return false;
    this.readKey();
    this.duration = this.integer();
    this.digitsStart = this.place;
    while (this.digits[this.place] !== SPACE) this.place += 1;
    this.digitsEnd = this.place;
    this.place += 1;
    this.hyphens = this.integer();
    this.area = this.texts.area(this.integer());
    this.line_class = this.integer();
    this.type = this.texts.type(this.integer());
    this.charge = this.integer();
    return true;
  }

  private readKey(): void {
    const { position, started_at, id } = this;
    this.position = this.integer();
    this.started_at = this.integer();
    this.id = this.integer();
    if (this.position > position) this.number = this.texts.number(this.position);
    else if (
      this.position < position ||
      this.started_at < started_at ||
      (this.started_at === started_at && this.id <= id)
    )
      throw new Error(`call ${this.id} was read after call ${id}, but belongs before it`);
  }

  /** Reads a number and the byte after it. */
  private integer(): number {
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

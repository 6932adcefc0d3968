/** The text of one object of a file. */
export interface JsonRecordText {
  /** Of its first line, from 1. */
  line: number;
  text: string;
}

const MAX_LENGTH = 4_000_000;

/**
 * Cuts a text that comes in blocks into its outermost objects. Brackets and commas between them belong to an array of
 * them. A line that begins with an object where the one before cannot go on begins a new one, so that a record that
 * was cut short spoils no other.
 */
export class JsonSplitter {
  private text = '';
  private at = 0;
  private start = -1;
  private startLine = 1;
  private line = 1;
  private depth = 0;
  private inString = false;
  private records: JsonRecordText[] = [];

  constructor(private readonly onTooLong: () => never) {}

  take(block: string): JsonRecordText[] {
    this.text += block;
    for (; this.at < this.text.length; this.at += 1) this.step(this.text.charAt(this.at));
    this.discardRead();
    if (this.text.length > MAX_LENGTH) this.onTooLong();
    return this.records.splice(0);
  }

  /** What is left at the end is no whole object. */
  takeRest(): JsonRecordText[] {
    if (this.start >= 0) this.cut(this.text.length);
    return this.records.splice(0);
  }

  private step(character: string): void {
    if (character === '\n') this.line += 1;
    if (this.start < 0) {
      if (!/[\s,[\]\ufeff]/.test(character)) this.open(character === '{' ? 1 : 0);
      return;
    }
    if (this.depth === 0) {
      // Something that is no object: the rest of its line is one faulty record.
      if (character === '\n') this.cut(this.at);
      return;
    }
    if (this.inString) this.stepInString(character);
    else this.stepInObject(character);
  }

  private stepInString(character: string): void {
    if (character === '\\') this.at += 1;
    else if (character === '"') this.inString = false;
    else if (character === '\n') this.cut(this.at);
  }

  private stepInObject(character: string): void {
    if (character === '"') this.inString = true;
    else if (character === '}') {
      this.depth -= 1;
      if (this.depth === 0) this.cut(this.at + 1);
    } else if (character === '{') {
      if (this.text.charAt(this.at - 1) === '\n' && !/[:,[]\s*$/.test(this.text.slice(this.start, this.at))) {
        this.cut(this.at);
        this.open(1);
      } else this.depth += 1;
    }
  }

  private open(depth: number): void {
    this.start = this.at;
    this.startLine = this.line;
    this.depth = depth;
  }

  private cut(end: number): void {
    this.records.push({ line: this.startLine, text: this.text.slice(this.start, end) });
    this.start = -1;
    this.depth = 0;
    this.inString = false;
  }

  private discardRead(): void {
    const from = this.start < 0 ? this.text.length : this.start;
    // An escape at the end of a block leads into the next one.
    this.at -= from;
    this.text = this.text.slice(from);
    if (this.start >= 0) this.start = 0;
  }
}

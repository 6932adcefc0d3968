import { encodeCp932 } from '../cp932';

/** A text, or its bytes in UTF-8: as SQLite has them, they go into the one file as they are. */
export type Text = string | Buffer;

/** Some lines of a file, as both files have them. */
export interface Lines {
  rows: number;
  /** With the characters and lengths of the CP932 file. */
  cp932: Text;
  /** With whole texts and exact amounts; the same where nothing differs. */
  utf8: Text;
  /** Characters written as 〓 in `cp932`. */
  replacedCharacters: number;
  /** Amounts that `cp932` has with fewer decimals; and what that adds to their sum, in 1/100 yen. */
  roundedAmounts: number;
  roundedDifference: number;
}

/** What a file will have: its number of rows, and its lines bit by bit. */
export interface FileContent {
  header: string;
  rows: number;
  lines: AsyncIterable<Lines>;
}

/** A line that cannot be written: a file with a cut number is worse than none. `failure` is the word for the page. */
export class UnwritableLineError extends Error {
  constructor(
    message: string,
    readonly failure: 'too_large_amount' | 'unknown',
  ) {
    super(message);
  }
}

export const headerLine = (columns: readonly { header: string }[]): string =>
  `${columns.map(({ header }) => header).join(',')}\r\n`;

export const inCp932 = (text: Text): Buffer => encodeCp932(typeof text === 'string' ? text : text.toString());

export const inUtf8 = (text: Text): Buffer => (typeof text === 'string' ? Buffer.from(text) : text);

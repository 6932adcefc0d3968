/** Some lines of a file, as both files have them. Their bytes are good until the next but one are asked for. */
export interface Lines {
  rows: number;
  /** With the characters and lengths of the CP932 file. */
  cp932: Uint8Array;
  /** With whole texts and exact amounts; the same where nothing differs. */
  utf8: Uint8Array;
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

export const buildHeaderLine = (columns: readonly { header: string }[]): string =>
  `${columns.map(({ header }) => header).join(',')}\r\n`;

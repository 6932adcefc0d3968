/** How a cell is made. */
export interface Cell {
  sqlite: Printed;
  /** A quicker way on SQLite, for the calls of which `when` is true: nearly all. */
  usual?: Printed & { when: string };
  postgres: string;
  /** True of calls whose cell is within `bytes`, where that is not certain. A file with any other call fails. */
  fits?: string;
}

/** What SQLite's printf() gets: a piece of its format, and the arguments for it. */
export interface Printed {
  format: string;
  args: string;
}

/** The UTF-8 file has whole texts and exact amounts; the other has its lengths to keep. */
export type Encoding = 'cp932' | 'utf8';

/** A column of a table into which many rows are written at once. */
export interface BulkColumn {
  name: string;
  /** `bytes` are given as a text, a character each; `text` is ASCII without trailing spaces. */
  kind: 'integer' | 'bigint' | 'text' | 'bytes';
  /** The most digits (and a sign) or characters; for `bytes` the exact number. */
  width: number;
}

export type BulkValue = number | string;

/** Writes many rows into a table, the quickest way that the database has. */
export interface BulkInsert {
  addAll(rows: readonly BulkValue[][]): Promise<void>;
  /** Writes the last rows. The connection can be used for nothing else before. */
  end(): Promise<void>;
}

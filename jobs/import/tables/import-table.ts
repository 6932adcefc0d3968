import type { z } from 'zod';
import { runExclusively, type Queryable } from '../../../lib/database/db';
import { TableReader } from './table-reading';
import type { CsvColumns } from '../source/csv-header';
import type { ImportProgress } from '../import-progress';
import { type Encoding, inspectSourceFile } from '../source/source-file';

/** One kind of file: its columns, the rules of a line, and what becomes of it. */
export interface TableImport<Row> {
  columns: CsvColumns;
  line: z.ZodType<Row>;
  /** Creates or updates by key. A LineRejection refuses the line. */
  save(row: Row, on: Queryable): Promise<void>;
  /** After the last line. */
  finish?(on: Queryable): Promise<void>;
  /** Where several lines make up one thing: the column that says which, and those of such names that there are. */
  parts?: { of: string; listExisting(names: string[], on: Queryable): Promise<string[]> };
}

export interface TableImportResult {
  file: string;
  records: number;
  saved: number;
  rejected: number;
  rejected_file?: string;
  /** What is kept without some of its lines, because they were rejected. */
  incomplete?: string[];
}

export interface TableImportOptions {
  encoding?: Encoding;
  progress?: ImportProgress;
}

/** Brings a file of our own columns in, whole or not at all; a bad line goes to the rejected file and stops nothing. */
export async function importTable<Row>(
  definition: TableImport<Row>,
  path: string,
  { encoding, progress }: TableImportOptions = {},
): Promise<TableImportResult> {
  const file = await inspectSourceFile(path, encoding);
  progress?.start(path, file.bytes);
  const reader = new TableReader(definition, file, progress);
  try {
    const incomplete = await runExclusively((trx) => reader.run(trx));
    await reader.rejected.close();
    const { records, rejected } = reader;
    const { count, file: rejected_file } = rejected;
    return { file: path, records, saved: records - count, rejected: count, rejected_file, incomplete };
  } finally {
    await reader.rejected.stop();
  }
}

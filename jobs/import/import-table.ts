import type { z } from 'zod';
import { CommandError } from '../commands/command-error';
import { type CsvColumns, type CsvHeader, readHeader } from './csv-header';
import { type CsvRecord, readCsv } from './csv-records';
import type { ImportProgress } from './import-progress';
import { LineRejection } from './line-rejection';
import { RejectedLines } from './rejected-lines';
import { type Encoding, inspectSourceFile } from './source-file';

/** One kind of file: its columns, the rules of a line, and what becomes of it. */
export interface TableImport<Row> {
  columns: CsvColumns;
  line: z.ZodType<Row>;
  /** Creates or updates by key. A LineRejection refuses the line. */
  save(row: Row): Promise<void>;
  /** After the last line. */
  finish?(): Promise<void>;
}

export interface TableImportResult {
  file: string;
  records: number;
  saved: number;
  rejected: number;
  rejected_file?: string;
}

export interface TableImportOptions {
  encoding?: Encoding;
  progress?: ImportProgress;
}

/** Brings a file of our own columns in, line by line; a bad line goes to the rejected file and stops nothing. */
export async function importTable<Row>(
  definition: TableImport<Row>,
  path: string,
  { encoding, progress }: TableImportOptions = {},
): Promise<TableImportResult> {
  const file = await inspectSourceFile(path, encoding);
  progress?.start(path, file.bytes);
  let header: CsvHeader | undefined;
  let rejected: RejectedLines | undefined;
  let records = 0;
  for await (const block of readCsv(file)) {
    for (const record of block.records) {
      if (!header || !rejected) {
        header = readHeader(path, definition.columns, record);
        rejected = new RejectedLines(path, header.names);
        continue;
      }
      records += 1;
      const reason = await importLine(definition, header, record);
      if (reason !== undefined) await rejected.reject(record, reason);
    }
    progress?.update(records, block.bytes);
  }
  if (!rejected) throw new CommandError(`${path} is empty: not even the header is there`);
  await definition.finish?.();
  await rejected.close();
  const { count } = rejected;
  return { file: path, records, saved: records - count, rejected: count, rejected_file: rejected.file };
}

/** Returns why the line is refused. */
async function importLine<Row>(
  definition: TableImport<Row>,
  header: CsvHeader,
  record: CsvRecord,
): Promise<string | undefined> {
  const { columns, line } = definition;
  if (record.fault) return record.fault;
  const values = header.order(record.fields);
  if (!values) return `${record.fields.length} fields, the header has ${header.names.length}`;
  const names = [...columns.required, ...(columns.optional ?? [])];
  const given = names.map((name, index): [string, string] => [name, values[index] ?? '']);
  const parsed = line.safeParse(Object.fromEntries(given.filter(([name]) => header.names.includes(name))));
  if (!parsed.success)
    return parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`).join('; ');
  try {
    await definition.save(parsed.data);
    return undefined;
  } catch (error) {
    if (error instanceof LineRejection) return error.message;
    throw error;
  }
}

import type { z } from 'zod';
import { runExclusively, type Queryable } from '../../../lib/database/db';
import { CommandError } from '../../../lib/process/operator-error';
import type { ProgressBar } from '../../../lib/process/progress';
import { readCsv, type SourceRecord } from '../source/csv-records';
import { LineRejection, RejectedLines } from '../source/rejected-lines';
import { type Encoding, inspectSourceFile, type SourceFile } from '../source/source-file';

export interface CsvColumns {
  required: readonly string[];
  optional?: readonly string[];
}

/** One kind of file: its columns, the rules for a line, and how a line is saved. */
export interface TableImport<Row> {
  columns: CsvColumns;
  line: z.ZodType<Row>;
  /** Creates or updates by key. A LineRejection refuses the line. */
  save(row: Row, on: Queryable): Promise<void>;
  /** Called after the last line. */
  finish?(on: Queryable): Promise<void>;
  /** If several lines make up one thing: the column that names it, and a query for the names that exist. */
  parts?: { of: string; listExisting(names: string[], on: Queryable): Promise<string[]> };
}

export interface TableImportResult {
  file: string;
  records: number;
  saved: number;
  rejected: number;
  rejected_file?: string;
  /** Names of things that were saved without some of their lines, because those were rejected. */
  incomplete?: string[];
}

export interface TableImportOptions {
  encoding?: Encoding;
  progress?: ProgressBar;
}

/** Imports a file of our own columns in one transaction. A bad line goes to the rejected file and stops nothing. */
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

const MAX_NAMES = 1000;

/** Reads one file of our own columns, from its header to its last line. */
class TableReader<Row> {
  records = 0;
  readonly rejected: RejectedLines;
  /** Names of things some of whose lines were refused. */
  private readonly incompleteNames = new Set<string>();

  constructor(
    private readonly definition: TableImport<Row>,
    private readonly source: SourceFile,
    private readonly progress?: ProgressBar,
  ) {
    this.rejected = new RejectedLines(source.path);
  }

  /** Returns the names that were saved without some of their lines; undefined if there are none. */
  async run(on: Queryable): Promise<string[] | undefined> {
    let header: CsvHeader | undefined;
    for await (const block of readCsv(this.source)) {
      for (const record of block.records) {
        if (isEmpty(record)) continue;
        if (header) await this.take(header, record, on);
        else header = this.open(record);
      }
      this.progress?.update(this.records, block.bytes);
    }
    if (!header) throw new CommandError(`${this.source.path} is empty: not even the header is there`);
    await this.definition.finish?.(on);
    if (this.incompleteNames.size === 0) return undefined;
    const existing = await this.definition.parts?.listExisting([...this.incompleteNames], on);
    return existing?.length === 0 ? undefined : existing;
  }

  private open(record: SourceRecord): CsvHeader {
    const header = readHeader(this.source.path, this.definition.columns, record);
    return header;
  }

  private async take(header: CsvHeader, record: SourceRecord, on: Queryable): Promise<void> {
    this.records += 1;
    const reason = await this.save(header, record, on);
    if (reason === undefined) return;
    await this.rejected.addAll([{ record, reason }], header.names);
    const name = record.fields[header.names.indexOf(this.definition.parts?.of ?? '')]?.trim() ?? '';
    if (name !== '' && this.incompleteNames.size < MAX_NAMES) this.incompleteNames.add(name);
  }

  /** Returns why the line is refused; undefined if it is saved. */
  private async save(header: CsvHeader, record: SourceRecord, on: Queryable): Promise<string | undefined> {
    const { columns, line } = this.definition;
    if (record.fault) return record.fault;
    const values = header.order(record.fields);
    if (!values) return `${record.fields.length} fields, the header has ${header.names.length}`;
    const names = [...columns.required, ...(columns.optional ?? [])];
    const given = names.map((name, index): [string, string] => [name, values[index] ?? '']);
    const parsed = line.safeParse(Object.fromEntries(given.filter(([name]) => header.names.includes(name))));
    if (!parsed.success)
      return parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`).join('; ');
    try {
      await this.definition.save(parsed.data, on);
      return undefined;
    } catch (error) {
      if (error instanceof LineRejection) return error.message;
      throw error;
    }
  }
}

/** Spreadsheets write rows that were emptied as commas alone. */
const isEmpty = ({ fields, fault }: SourceRecord): boolean =>
  fault === undefined && fields.every((field) => field.trim() === '');

/** A checked header. It puts the fields of a line into the order of required, then optional columns. */
interface CsvHeader {
  names: string[];
  /** Undefined if the line has more or fewer fields than the header. */
  order(fields: string[]): string[] | undefined;
}

/** @throws CommandError naming the columns that are missing, unknown or doubled. */
function readHeader(path: string, { required, optional = [] }: CsvColumns, record?: SourceRecord): CsvHeader {
  const names = (record?.fields ?? []).map((name) => name.trim());
  const allowed = [...required, ...optional];
  const faults = [
    ...required.filter((name) => !names.includes(name)).map((name) => `column “${name}” is missing`),
    ...names.filter((name) => !allowed.includes(name)).map((name) => `column “${name}” is unknown`),
    ...allowed
      .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
      .map((name) => `column “${name}” stands twice`),
  ];
  if (faults.length > 0)
    throw new CommandError(`${path}: ${faults.join(', ')}. The columns are ${allowed.join(', ')}`);
  const places = allowed.map((name) => names.indexOf(name));
  const order = (fields: string[]) => places.map((place) => fields[place]?.trim() ?? '');
  return { names, order: (fields) => (fields.length === names.length ? order(fields) : undefined) };
}

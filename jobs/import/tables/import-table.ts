import type { z } from 'zod';
import { runExclusively, type Queryable } from '../../../lib/database/db';
import { CommandError } from '../../../lib/process/operator-error';
import type { ProgressBar } from '../../../lib/process/progress';
import { readCsv, type SourceRecord } from '../source/csv-records';
import { LineRejection, type RejectedRecord, RejectedLines } from '../source/rejected-lines';
import { type Encoding, inspectSourceFile, type SourceFile } from '../source/source-file';

export interface CsvColumns {
  required: readonly string[];
  optional?: readonly string[];
}

/** One kind of file: its columns, the rules for a line, and how lines are saved. */
export interface TableImport<Row> {
  columns: CsvColumns;
  line: z.ZodType<Row>;
  /** Creates or updates by key, in the order of the rows. Says of each why it is refused; undefined if it is saved. */
  saveAll(rows: Row[], on: Queryable): Promise<(string | undefined)[]>;
  /** Called after the last line. */
  finish?(on: Queryable): Promise<void>;
  /** If several lines make up one thing: the column that names it, and a query for the names that exist. */
  parts?: { of: string; listExisting(names: string[], on: Queryable): Promise<string[]> };
}

/** Saves rows one by one. A LineRejection refuses a row. */
export const saveEach =
  <Row>(save: (row: Row, on: Queryable) => Promise<void>): TableImport<Row>['saveAll'] =>
  async (rows, on) => {
    const reasons: (string | undefined)[] = [];
    for (const row of rows)
      try {
        await save(row, on);
        reasons.push(undefined);
      } catch (error) {
        if (!(error instanceof LineRejection)) throw error;
        reasons.push(error.message);
      }
    return reasons;
  };

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
/** Lines that are saved together: many, so that a statement for all of them costs each next to nothing. */
const BLOCK = 5000;

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
    let block: SourceRecord[] = [];
    for await (const { records, bytes } of readCsv(this.source)) {
      for (const record of records)
        if (header) block.push(record);
        else if (!isEmpty(record)) header = readHeader(this.source.path, this.definition.columns, record);
      if (header && (block.length >= BLOCK || bytes === this.source.bytes)) {
        await this.takeBlock(header, block, on);
        block = [];
      }
      this.progress?.update(this.records, bytes);
    }
    if (!header) throw new CommandError(`${this.source.path} is empty: not even the header is there`);
    await this.takeBlock(header, block, on);
    await this.definition.finish?.(on);
    if (this.incompleteNames.size === 0) return undefined;
    const existing = await this.definition.parts?.listExisting([...this.incompleteNames], on);
    return existing?.length === 0 ? undefined : existing;
  }

  /** Saves the lines that are right and writes down why the others are refused, in the order of the file. */
  private async takeBlock(header: CsvHeader, block: SourceRecord[], on: Queryable): Promise<void> {
    const lines = block.filter((record) => !isEmpty(record)).map((record) => this.readLine(header, record));
    this.records += lines.length;
    const good = lines.filter((line) => line.reason === undefined);
    const reasons = await this.definition.saveAll(
      good.map(({ row }) => row),
      on,
    );
    const refused = new Map(good.map(({ record }, place) => [record, reasons[place]]));
    const rejects = lines
      .map(({ record, reason }) => ({ record, reason: reason ?? refused.get(record) }))
      .filter((line): line is RejectedRecord => line.reason !== undefined);
    await this.rejected.addAll(rejects, header.names);
    for (const { record } of rejects) this.noteIncomplete(header, record);
  }

  private noteIncomplete(header: CsvHeader, { fields }: SourceRecord): void {
    const name = fields[header.names.indexOf(this.definition.parts?.of ?? '')]?.trim() ?? '';
    if (name !== '' && this.incompleteNames.size < MAX_NAMES) this.incompleteNames.add(name);
  }

  /** The row of a line, or why it is refused. */
  private readLine(header: CsvHeader, record: SourceRecord): TableLine<Row> {
    if (record.fault) return { record, reason: record.fault };
    const values = header.order(record.fields);
    if (!values)
      return { record, reason: `${record.fields.length} fields, the header has ${header.names.length}` };
    const parsed = this.definition.line.safeParse(values);
    if (parsed.success) return { record, row: parsed.data };
    const faults = parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`);
    return { record, reason: faults.join('; ') };
  }
}

type TableLine<Row> =
  { record: SourceRecord; row: Row; reason?: never } | { record: SourceRecord; row?: never; reason: string };

/** Spreadsheets write rows that were emptied as commas alone. */
const isEmpty = ({ fields, fault }: SourceRecord): boolean =>
  fault === undefined && fields.every((field) => field.trim() === '');

/** A checked header. It gives the fields of a line their names, in the order of required, then optional columns. */
interface CsvHeader {
  names: string[];
  /** Undefined if the line has more or fewer fields than the header. */
  order(fields: string[]): Record<string, string> | undefined;
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
  const places = allowed
    .filter((name) => names.includes(name))
    .map((name): [string, number] => [name, names.indexOf(name)]);
  const order = (fields: string[]) =>
    Object.fromEntries(places.map(([name, place]) => [name, fields[place]?.trim() ?? '']));
  return { names, order: (fields) => (fields.length === names.length ? order(fields) : undefined) };
}

import type { Queryable } from '../../../lib/database/db';
import { CommandError } from '../../../lib/process/operator-error';
import { type CsvHeader, readHeader } from '../source/csv-header';
import { type CsvRecord, readCsv } from '../source/csv-records';
import type { ImportProgress } from '../import-progress';
import type { TableImport } from './import-table';
import { LineRejection } from '../line-rejection';
import { RejectedLines } from '../source/rejected-lines';
import type { SourceFile } from '../source/source-file';

const MAX_NAMES = 1000;

/** Reads one file of our own columns, from its header to its last line. */
export class TableReader<Row> {
  records = 0;
  readonly rejected: RejectedLines;
  /** Of what lines were refused, as far as it is told. */
  private readonly incompleteNames = new Set<string>();

  constructor(
    private readonly definition: TableImport<Row>,
    private readonly source: SourceFile,
    private readonly progress?: ImportProgress,
  ) {
    this.rejected = new RejectedLines(source.path);
  }

  /** Returns what is kept without some of its lines; undefined where nothing is. */
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

  private open(record: CsvRecord): CsvHeader {
    const header = readHeader(this.source.path, this.definition.columns, record);
    this.rejected.header = header.names;
    return header;
  }

  private async take(header: CsvHeader, record: CsvRecord, on: Queryable): Promise<void> {
    this.records += 1;
    const reason = await this.save(header, record, on);
    if (reason === undefined) return;
    await this.rejected.reject(record, reason);
    const name = record.fields[header.names.indexOf(this.definition.parts?.of ?? '')]?.trim() ?? '';
    if (name !== '' && this.incompleteNames.size < MAX_NAMES) this.incompleteNames.add(name);
  }

  /** Returns why the line is refused. */
  private async save(header: CsvHeader, record: CsvRecord, on: Queryable): Promise<string | undefined> {
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
const isEmpty = ({ fields, fault }: CsvRecord): boolean =>
  fault === undefined && fields.every((field) => field.trim() === '');

import path from 'node:path';
import { listCallTypes } from '../../models/call-type';
import { CallStaging } from '../../models/call-staging';
import { now } from '../../models/clock';
import { openNumberDirectory } from '../../models/number-directory';
import { CommandError } from '../commands/command-error';
import { type CallContext, type CallFormat, CallTypeList } from './call-format';
import { asteriskCalls } from './calls-asterisk';
import { meisaiCalls } from './calls-meisai';
import { type CsvHeader, readHeader } from './csv-header';
import { type CsvRecord, readCsv } from './csv-records';
import type { ImportProgress } from './import-progress';
import { isTimezone } from './instant';
import { LineRejection } from './line-rejection';
import { RejectedLines } from './rejected-lines';
import { type Encoding, inspectSourceFile, type SourceFile } from './source-file';
import { loadTariff } from './tariff';

export interface CallImportOptions {
  format: string;
  tariff?: string;
  timezone: string;
  encoding?: Encoding;
  importedBy: string;
  progress?: ImportProgress;
}

export interface CallImportResult {
  file: string;
  /** Undefined where nothing was added. */
  batch?: number;
  records: number;
  added: number;
  duplicates: number;
  unanswered: number;
  rejected: number;
  rejected_file?: string;
}

const formats: CallFormat[] = [meisaiCalls, asteriskCalls];

/** @throws CommandError for an unknown format or time zone. */
export async function openCallImport(
  options: CallImportOptions,
): Promise<(file: string) => Promise<CallImportResult>> {
  const format = formats.find(({ name }) => name === options.format);
  if (!format)
    throw new CommandError(
      `There is no format “${options.format}”. Known: ${formats.map(({ name }) => name).join(', ')}`,
    );
  if (!isTimezone(options.timezone)) throw new CommandError(`There is no time zone “${options.timezone}”`);
  const rates = options.tariff === undefined ? undefined : await loadTariff(options.tariff);
  const callTypes = new CallTypeList(await listCallTypes());
  const directory = await openNumberDirectory();
  const context: CallContext = { directory, callTypes, rates, timezone: options.timezone };
  return (file) => importCallFile(file, format, context, options);
}

/** One file is one batch: all of its good records come in, or none. */
async function importCallFile(
  file: string,
  format: CallFormat,
  context: CallContext,
  options: CallImportOptions,
): Promise<CallImportResult> {
  const source = await inspectSourceFile(file, options.encoding);
  options.progress?.start(file, source.bytes);
  const staging = await CallStaging.open();
  try {
    const reading = new CallFileReading(source, format, context, staging);
    await reading.run(options.progress);
    const { records, unanswered, rejected } = reading;
    const counts = { records, unanswered, rejected: rejected?.count ?? 0 };
    const { batchId, added, duplicates } = await staging.merge({
      file_name: path.basename(file),
      sha256: source.sha256,
      format: format.name,
      imported_by: options.importedBy,
      imported_at: now(),
      ...counts,
    });
    await rejected?.close();
    return { file, batch: batchId, ...counts, added, duplicates, rejected_file: rejected?.file };
  } finally {
    await staging.close();
  }
}

class CallFileReading {
  records = 0;
  unanswered = 0;
  rejected?: RejectedLines;
  private header?: CsvHeader;

  constructor(
    private readonly source: SourceFile,
    private readonly format: CallFormat,
    private readonly context: CallContext,
    private readonly staging: CallStaging,
  ) {}

  async run(progress?: ImportProgress): Promise<void> {
    for await (const block of readCsv(this.source)) {
      for (const record of block.records) {
        const waiting = this.take(record);
        if (waiting) await waiting;
      }
      progress?.update(this.records, block.bytes);
    }
    if (!this.rejected) throw new CommandError(`${this.source.path} is empty`);
  }

  /** A promise only where there is something to wait for: awaiting each record would cost more than reading it. */
  private take(record: CsvRecord): Promise<void> | undefined {
    if (!this.rejected) {
      this.rejected = new RejectedLines(this.source.path, this.openHeader(record));
      if (this.header) return undefined;
    }
    this.records += 1;
    try {
      return this.stage(this.fieldsOf(record));
    } catch (error) {
      if (error instanceof LineRejection) return this.rejected.add(record, error.message);
      throw error;
    }
  }

  private openHeader(record: CsvRecord): string[] {
    if (!this.format.columns) return [];
    this.header = readHeader(this.source.path, this.format.columns, record);
    return this.header.names;
  }

  private fieldsOf({ fields, fault }: CsvRecord): string[] {
    if (fault) throw new LineRejection(fault);
    if (!this.header) return fields;
    const ordered = this.header.order(fields);
    if (ordered) return ordered;
    throw new LineRejection(`${fields.length} fields, the header has ${this.header.names.length}`);
  }

  private stage(fields: string[]): Promise<void> | undefined {
    const calls = this.format.read(fields, this.context);
    if (calls.length === 0) this.unanswered += 1;
    let waiting: Promise<void> | undefined;
    for (const call of calls) waiting = this.staging.add(call) ?? waiting;
    return waiting;
  }
}

import type { NewCall } from '../../models/call/new-call';
import { CommandError } from '../../lib/process/operator-error';
import type { CallContext } from './calls/call-context';
import { compileReader, type RecordReader } from './calls/call-reader';
import { type CsvBlock, type CsvRecord, readCsv } from './source/csv-records';
import { listUsedColumns } from './format/columns';
import type { NamedCallFormat } from './format/load';
import type { ImportProgress } from './import-progress';
import { readJsonRecords } from './source/json-records';
import { LineRejection } from './line-rejection';
import { openLayouts } from './format/layout';
import { pairLayouts, RecordPairs } from './source/record-pairs';
import type { SourceFile } from './source/source-file';

/** Where the calls go. */
export interface CallTarget {
  /** A promise only where there is something to wait for. */
  add(call: NewCall): Promise<void> | undefined;
}

/** Where the refused records go. */
export interface RejectTarget {
  header: readonly string[];
  reject(record: CsvRecord, reason: string): Promise<void>;
}

/** Reads one file of call records by its format, from the first record to the last. */
export class CallFileReader {
  records = 0;
  unanswered = 0;
  private read?: RecordReader;
  private pairs?: RecordPairs;

  constructor(
    private readonly source: SourceFile,
    private readonly format: NamedCallFormat,
    private readonly context: CallContext,
    private readonly calls: CallTarget,
    private readonly rejects: RejectTarget,
  ) {}

  async run(progress?: ImportProgress): Promise<void> {
    for await (const block of this.readBlocks()) {
      for (const record of block.records) {
        const waiting = this.take(record);
        if (waiting) await waiting;
      }
      progress?.update(this.records, block.bytes);
    }
    if (!this.read) throw new CommandError(`${this.source.path} is empty`);
    for (const { record, reason } of this.pairs?.takeRest() ?? []) await this.rejects.reject(record, reason);
  }

  private readBlocks(): AsyncGenerator<CsvBlock> {
    const { kind, percent_encoded: isPercentEncoded } = this.format;
    if (kind === 'csv') return readCsv(this.source, this.format);
    return readJsonRecords(this.source, { paths: listUsedColumns(this.format), isPercentEncoded });
  }

  /** A promise only where there is something to wait for: awaiting each record would cost more than reading it. */
  private take(record: CsvRecord): Promise<void> | undefined {
    if (!this.read && this.open(record)) return undefined;
    this.records += 1;
    try {
      if (record.fault !== undefined) throw new LineRejection(record.fault);
      if (!this.pairs) return this.stage(record);
      const paired = this.pairs.take(record);
      return typeof paired === 'string' ? undefined : this.stage(paired.record);
    } catch (error) {
      if (error instanceof LineRejection) return this.rejects.reject(record, error.message);
      throw error;
    }
  }

  /** Whether this first record is a header. */
  private open(first: CsvRecord): boolean {
    const { format } = this;
    const open = openLayouts(format, this.source.path, first);
    this.rejects.header = open.names;
    const [layout] = open.layouts;
    if (format.pairs && layout) this.pairs = new RecordPairs({ ...format, pairs: format.pairs }, layout);
    this.read = compileReader(format, this.pairs ? pairLayouts(open) : open);
    return open.names.length > 0;
  }

  private stage({ fields }: CsvRecord): Promise<void> | undefined {
    const calls = this.read?.(fields, this.context) ?? 'ignored';
    if (calls === 'ignored') return undefined;
    if (calls === 'unanswered') {
      this.unanswered += 1;
      return undefined;
    }
    let waiting: Promise<void> | undefined;
    for (const call of calls) waiting = this.calls.add(call) ?? waiting;
    return waiting;
  }
}

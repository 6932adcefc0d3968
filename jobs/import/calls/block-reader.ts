import type { NewCall } from '../../../models/call/new-call';
import { type OpenLayout, openLayouts } from '../format/layout';
import type { NamedCallFormat } from '../format/load';
import { compileCondition, type FindColumn, type RecordCondition } from '../format/values/text';
import type { RecordBlock, SourceRecord } from '../source/csv-records';
import { LineRejection, type RejectedRecord } from '../source/rejected-lines';
import { compileBillingRecords } from './billing-records';
import type { CallContext } from './call-parts';
import { hasPairs, pairColumns, RecordPairs } from './record-pairs';
import { compileSwitchRecords } from './switch-records';

/** The calls and the rejects of a block of records. */
export interface BlockCalls {
  calls: NewCall[];
  rejects: RejectedRecord[];
}

/** A record is about calls, about nothing that is a call of ours (`skipped`), or about a call that nobody answered. */
type RecordReader = (fields: string[], context: CallContext) => NewCall[] | 'skipped' | 'unanswered';

/** Reads the records of one file by its format, a block at a time. The first record tells the layout. */
export class BlockReader {
  records = 0;
  unanswered = 0;
  /** The names of the header, if the file has one. */
  header: readonly string[] = [];
  private readers: { layout: OpenLayout; read: RecordReader }[] = [];
  private explainMismatch: (fields: string[]) => string = () => '';
  private pairs?: RecordPairs;

  constructor(
    private readonly format: NamedCallFormat,
    private readonly path: string,
    private readonly context: CallContext,
  ) {}

  /** Whether there was no record yet, not even a header. */
  get isEmpty(): boolean {
    return this.readers.length === 0;
  }

  /** @throws CommandError if the file's header is not one of the format */
  readBlock({ records }: RecordBlock): BlockCalls {
    const block: BlockCalls = { calls: [], rejects: [] };
    for (const record of records) {
      if (this.isEmpty && this.open(record)) continue;
      this.records += 1;
      try {
        const calls = this.read(record);
        if (calls === 'unanswered') this.unanswered += 1;
        else if (calls !== 'skipped')
          for (const call of calls) block.calls.push(Object.assign(call, { source_line: record.line }));
      } catch (error) {
        if (!(error instanceof LineRejection)) throw error;
        block.rejects.push({ record, reason: error.message });
      }
    }
    return block;
  }

  /** The records that still wait for their other half when the file has ended. */
  readRest(): RejectedRecord[] {
    return this.pairs?.takeRest() ?? [];
  }

  /** Returns whether this first record is a header. */
  private open(first: SourceRecord): boolean {
    const { format } = this;
    const { layouts, names, explainMismatch } = openLayouts(format, this.path, first);
    this.header = names;
    this.explainMismatch = explainMismatch;
    const [{ findColumn } = {}] = layouts;
    if (findColumn && hasPairs(format)) this.pairs = new RecordPairs(format, findColumn);
    this.readers = layouts.map((layout) => ({ layout, read: compileLayout(format, layout.findColumn) }));
    return names.length > 0;
  }

  private read(record: SourceRecord): ReturnType<RecordReader> {
    const { fields, fault } = record;
    if (fault !== undefined) throw new LineRejection(fault);
    const reader = this.findReader(fields);
    if (!reader) throw new LineRejection(this.explainMismatch(fields));
    const whole = this.pairs && reader === this.readers[0] ? this.pairs.take(record) : record;
    return whole ? reader.read(whole.fields, this.context) : 'skipped';
  }

  private findReader(fields: string[]) {
    for (const reader of this.readers) if (matchesLayout(reader.layout, fields)) return reader;
    return undefined;
  }
}

const matchesLayout = ({ minColumns, maxColumns, signs }: OpenLayout, fields: string[]): boolean =>
  fields.length >= minColumns &&
  fields.length <= maxColumns &&
  signs.every(({ place, expression }) => expression.test(fields[place] ?? ''));

function compileLayout(format: NamedCallFormat, columns: FindColumn): RecordReader {
  const findColumn = hasPairs(format) ? pairColumns(columns) : columns;
  const compileAll = (conditions: RecordCondition[]) =>
    conditions.map((condition) => compileCondition(condition, findColumn));
  const skipConditions = compileAll(format.skip_if);
  const answeredConditions = compileAll(format.answered_if);
  const readCalls = format.caller
    ? compileSwitchRecords(format, findColumn)
    : compileBillingRecords(format, findColumn);
  return (fields, context) => {
    if (skipConditions.some((holds) => holds(fields))) return 'skipped';
    if (!answeredConditions.every((holds) => holds(fields))) return 'unanswered';
    return readCalls(fields, context);
  };
}

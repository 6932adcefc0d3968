import {
  compileCondition,
  compileText,
  type FieldReader,
  type FindColumn,
  type RecordCondition,
} from '../format/values/text';
import type { CallFormat } from '../format/schema';
import type { SourceRecord } from '../source/csv-records';
import type { RejectedRecord } from '../source/rejected-lines';

/** Columns of the record that ends a call are this many places behind those of the one that began it. */
const LAST = 100;
const PREFIX = 'last.';

/** Finds the columns of two records in one: `time` is the first's, `last.time` the second's. */
export const pairColumns =
  (findColumn: FindColumn): FindColumn =>
  (column) => {
    if (typeof column === 'number' || !column.startsWith(PREFIX)) return findColumn(column);
    const place = findColumn(column.slice(PREFIX.length));
    return place === undefined ? undefined : place + LAST;
  };

/** A format whose calls are two records each. */
export type PairFormat = CallFormat & { pairs: NonNullable<CallFormat['pairs']> };

export const hasPairs = (format: CallFormat): format is PairFormat => format.pairs !== undefined;

/** Joins the record that begins a call with the one that ends it, in whatever order they come. */
export class RecordPairs {
  private readonly waiting = new Map<string, { first?: SourceRecord; last?: SourceRecord }>();
  private readonly isFirst: (fields: string[]) => boolean;
  private readonly isLast: (fields: string[]) => boolean;
  private readonly isAnswered: ((fields: string[]) => boolean)[];
  private readonly getKey: (fields: string[]) => string;

  constructor({ pairs, answered_if }: PairFormat, findColumn: FindColumn) {
    const holds = (condition: RecordCondition) => compileCondition(condition, findColumn);
    this.isFirst = holds(pairs.first);
    this.isLast = holds(pairs.last);
    this.isAnswered = answered_if.map(holds);
    const by = pairs.by.map((value) => compileText([value], findColumn));
    const unordered = (pairs.match_unordered ?? []).map((value) => compileText([value], findColumn));
    this.getKey = (fields) => [...readTexts(by, fields), ...readTexts(unordered, fields).sort()].join('\0');
  }

  /** A call's record, alone or joined with its other half; undefined if it waits for that, or belongs to no call. */
  take(record: SourceRecord): SourceRecord | undefined {
    const { fields } = record;
    const isFirst = this.isFirst(fields);
    if (!isFirst && !this.isLast(fields)) return undefined;
    // A call that nobody answered has no end.
    if (isFirst && !this.isAnswered.every((holds) => holds(fields))) return record;
    const key = this.getKey(fields);
    const pair = this.waiting.get(key) ?? {};
    if (isFirst) pair.first ??= record;
    else pair.last ??= record;
    if (!pair.first || !pair.last) {
      this.waiting.set(key, pair);
      return undefined;
    }
    this.waiting.delete(key);
    return joinRecords(pair.first, pair.last);
  }

  /** The records that never found their other half, by line. */
  takeRest(): RejectedRecord[] {
    const rest = [...this.waiting.values()].map(({ first, last }) =>
      first
        ? {
            record: first,
            reason: 'the record that ends this call is missing: import it together with the file that has it',
          }
        : { record: last ?? { line: 0, fields: [] }, reason: 'the record that begins this call is missing' },
    );
    this.waiting.clear();
    return rest.sort((a, b) => a.record.line - b.record.line);
  }
}

const readTexts = (readers: FieldReader[], fields: string[]): string[] => readers.map((read) => read(fields));

function joinRecords(first: SourceRecord, last: SourceRecord): SourceRecord {
  const fields = [...first.fields];
  fields[LAST - 1] = '';
  return { line: first.line, fields: [...fields, ...last.fields] };
}

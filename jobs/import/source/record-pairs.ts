import type { CsvRecord } from './csv-records';
import { compileCondition, compileText, type FieldReader, type FindColumn } from '../format/field-reader';
import type { CallFormat } from '../format/schema';
import type { RecordCondition } from '../format/values/value-schemas';
import type { OpenLayout, OpenLayouts } from '../format/layout';

/** Columns of the record that ends a call stand this far behind those of the one that began it. */
const LAST = 100;
const PREFIX = 'last.';

/** Layouts for two records in one: `time` is the first's, `last.time` the second's. */
export const pairLayouts = (open: OpenLayouts): OpenLayouts => ({
  ...open,
  layouts: open.layouts.map(({ findColumn, matches }) => ({
    findColumn: pairColumns(findColumn),
    matches: (fields) => fields.length > LAST || matches(fields),
  })),
});

const pairColumns =
  (findColumn: FindColumn): FindColumn =>
  (column) => {
    if (typeof column === 'number' || !column.startsWith(PREFIX)) return findColumn(column);
    const place = findColumn(column.slice(PREFIX.length));
    return place === undefined ? undefined : place + LAST;
  };

/** What becomes of a record: it is a call by itself or with its other half, waits for that, or belongs to no call. */
export type PairingResult = { record: CsvRecord } | 'waiting' | 'ignored';

/** Joins the record that begins a call with the one that ends it, in whatever order they come. */
export class RecordPairs {
  private readonly waiting = new Map<string, { first?: CsvRecord; last?: CsvRecord }>();
  private readonly isFirst: (fields: string[]) => boolean;
  private readonly isLast: (fields: string[]) => boolean;
  private readonly isAnswered: ((fields: string[]) => boolean)[];
  private readonly getKey: (fields: string[]) => string;

  constructor(
    format: CallFormat & { pairs: NonNullable<CallFormat['pairs']> },
    private readonly layout: OpenLayout,
  ) {
    const { pairs, answered } = format;
    const holds = (condition: RecordCondition) => compileCondition(condition, layout.findColumn);
    this.isFirst = holds(pairs.first);
    this.isLast = holds(pairs.last);
    this.isAnswered = answered.map(holds);
    const by = pairs.by.map((value) => compileText([value], layout.findColumn));
    const either = (pairs.by_either_order ?? []).map((value) => compileText([value], layout.findColumn));
    this.getKey = (fields) => [...readTexts(by, fields), ...readTexts(either, fields).sort()].join('\0');
  }

  take(record: CsvRecord): PairingResult {
    const { fields } = record;
    // Whoever reads it says what is wrong with it.
    if (record.fault !== undefined || !this.layout.matches(fields)) return { record };
    const isFirst = this.isFirst(fields);
    if (!isFirst && !this.isLast(fields)) return 'ignored';
    // A call that nobody answered has no end.
    if (isFirst && !this.isAnswered.every((holds) => holds(fields))) return { record };
    const key = this.getKey(fields);
    const pair = this.waiting.get(key) ?? {};
    if (isFirst) pair.first ??= record;
    else pair.last ??= record;
    if (!pair.first || !pair.last) {
      this.waiting.set(key, pair);
      return 'waiting';
    }
    this.waiting.delete(key);
    return { record: joinRecords(pair.first, pair.last) };
  }

  /** What never found its other half, by line. */
  takeRest(): { record: CsvRecord; reason: string }[] {
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

function joinRecords(first: CsvRecord, last: CsvRecord): CsvRecord {
  const fields = [...first.fields];
  fields[LAST - 1] = '';
  return { line: first.line, fields: [...fields, ...last.fields], written: first.fields };
}

import type { NewCall } from '../../../models/call/new-call';
import type { CallContext } from './call-context';
import { compileCondition } from '../format/field-reader';
import type { NamedCallFormat } from '../format/load';
import type { RecordCondition } from '../format/values/value-schemas';
import { compileBillingRecords } from './billing-records';
import { LineRejection } from '../line-rejection';
import type { OpenLayout, OpenLayouts } from '../format/layout';
import { compileSwitchRecords } from './switch-records';

/** The calls of ours that an answered record tells of. A LineRejection refuses it. */
export type CallsReader = (fields: string[], context: CallContext) => NewCall[];

/** A record tells of calls, of nothing that concerns us (`ignored`), or that nobody answered. */
export type RecordReader = (fields: string[], context: CallContext) => NewCall[] | 'ignored' | 'unanswered';

/** Compiles a format for one file: which record has which layout, which count, and what calls they are. */
export function compileReader(
  format: NamedCallFormat,
  { layouts, explainMismatch }: OpenLayouts,
): RecordReader {
  const readers = layouts.map((layout) => ({ layout, read: compileLayout(format, layout) }));
  const [only] = readers;
  return (fields, context) => {
    const matching =
      only && readers.length === 1 && only.layout.matches(fields)
        ? only
        : readers.find(({ layout }) => layout.matches(fields));
    if (!matching) throw new LineRejection(explainMismatch(fields));
    return matching.read(fields, context);
  };
}

function compileLayout(format: NamedCallFormat, { findColumn }: OpenLayout): RecordReader {
  const compileAll = (conditions: RecordCondition[]) =>
    conditions.map((condition) => compileCondition(condition, findColumn));
  const skipConditions = compileAll(format.ignored);
  const answeredConditions = compileAll(format.answered);
  const readCalls = format.caller
    ? compileSwitchRecords(format, findColumn)
    : compileBillingRecords(format, findColumn);
  return (fields, context) => {
    if (skipConditions.some((holds) => holds(fields))) return 'ignored';
    if (!answeredConditions.every((holds) => holds(fields))) return 'unanswered';
    return readCalls(fields, context);
  };
}

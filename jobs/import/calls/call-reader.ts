import type { CallRecord } from '../../../models/call/new-call';
import type { CallContext } from './call-context';
import { compileCondition } from '../format/field-reader';
import type { NamedCallFormat } from '../format/load';
import type { RecordCondition } from '../format/values/value-schemas';
import { compileLineCalls } from './billing-records';
import { LineRejection } from '../line-rejection';
import type { OpenLayout, OpenLayouts } from '../format/layout';
import { compileSwitchCalls } from './switch-records';

/** The calls of ours that an answered record tells of. A LineRejection refuses it. */
export type CallsReader = (fields: string[], context: CallContext) => CallRecord[];

/** A record tells of calls, of nothing that concerns us (`ignored`), or that nobody answered. */
export type RecordReader = (
  fields: string[],
  context: CallContext,
) => CallRecord[] | 'ignored' | 'unanswered';

/** Compiles a format for one file: which record has which layout, which count, and what calls they are. */
export function compileReader(format: NamedCallFormat, { layouts, misfit }: OpenLayouts): RecordReader {
  const readers = layouts.map((layout) => ({ layout, read: layoutReader(format, layout) }));
  const [only] = readers;
  return (fields, context) => {
    const found =
      only && readers.length === 1 && only.layout.fits(fields)
        ? only
        : readers.find(({ layout }) => layout.fits(fields));
    if (!found) throw new LineRejection(misfit(fields));
    return found.read(fields, context);
  };
}

function layoutReader(format: NamedCallFormat, { placeOf }: OpenLayout): RecordReader {
  const compiled = (conditions: RecordCondition[]) =>
    conditions.map((condition) => compileCondition(condition, placeOf));
  const ignored = compiled(format.ignored);
  const answered = compiled(format.answered);
  const callsOf = format.caller ? compileSwitchCalls(format, placeOf) : compileLineCalls(format, placeOf);
  return (fields, context) => {
    if (ignored.some((holds) => holds(fields))) return 'ignored';
    if (!answered.every((holds) => holds(fields))) return 'unanswered';
    return callsOf(fields, context);
  };
}

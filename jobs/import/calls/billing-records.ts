import { type CallRecord, EXTERNAL, INCOMING, INTERNAL, OUTGOING } from '../../../models/call/new-call';
import type { CallType } from '../../../models/call/call-type';
import { normaliseTelephone } from '../../../models/phone-number/parse-phone-number';
import { compileCharge } from '../format/values/amount-reader';
import { type CallContext, callSource } from './call-context';
import { pricedCall, receivedCall } from './call-price';
import type { CallsReader } from './call-reader';
import { compileCallTimes } from './call-times';
import { compileText, compileWords, type PlaceOf } from '../format/field-reader';
import { listOf } from '../format/values/value-schemas';
import type { NamedCallFormat } from '../format/load';
import { LineRejection } from '../line-rejection';
import { compileId } from './source-id';

const DIRECTIONS = new Map([
  ['outgoing', OUTGOING],
  ['incoming', INCOMING],
]);
const LINE_CLASSES = new Map([
  ['external', EXTERNAL],
  ['', EXTERNAL],
  ['internal', INTERNAL],
]);

/** Records as a billing system writes them: a number of ours, and whether it called or was called. */
export function compileLineCalls(format: NamedCallFormat, placeOf: PlaceOf): CallsReader {
  const text = (values: Parameters<typeof listOf>[0]) => compileText(listOf(values) as never, placeOf);
  const [numberOf, otherOf] = [text(format.number), text(format.other_number)];
  const [areaOf, typeOf] = [text(format.area), text(format.call_type)];
  const directionOf = compileWords(text(format.direction), 'direction', DIRECTIONS);
  const classOf = compileWords(text(format.line_class), 'line_class', LINE_CLASSES);
  const hasTypes = format.call_type !== undefined;
  const idOf = compileId(format, placeOf);
  const timesOf = compileCallTimes(format, placeOf);
  const chargeOf = compileCharge(listOf(format.charge), placeOf);
  return (fields, context) => {
    const id = idOf(fields);
    const known = context.directory.find(numberOf(fields));
    if (!known)
      throw new LineRejection(`number: ${numberOf(fields) || '(empty)'} is not a number of any contract`);
    const direction = directionOf(fields);
    const { started_at, duration } = timesOf(fields, context.timezone);
    const other_number = readOtherNumber(otherOf(fields), direction === OUTGOING);
    const call = {
      contract_id: known.contract_id,
      phone_number_id: known.phone_number_id,
      direction,
      started_at,
      duration,
      other_number,
      line_class: classOf(fields),
      source: callSource(format.name, id(started_at, known.number, other_number)),
    };
    const call_type = hasTypes ? readCallType(typeOf(fields), context) : undefined;
    const own = { area: areaOf(fields), call_type, charge: chargeOf(fields) };
    const settle: typeof pricedCall = direction === OUTGOING ? pricedCall : receivedCall;
    const calls: CallRecord[] = [settle(call, own, context)];
    return calls;
  };
}

/** A caller may withhold the number; where we called, there is one. */
function readOtherNumber(text: string, isOutgoing: boolean): string {
  const { digits, reason } = normaliseTelephone(text);
  if (digits === undefined && isOutgoing) throw new LineRejection(`other_number: ${reason}`);
  return digits ?? '';
}

/** Undefined where the record leaves it to the tariff or the numbering plan. */
function readCallType(text: string, { callTypes }: CallContext): CallType | undefined {
  const type = callTypes.find(text);
  if (!type && text !== '') throw new LineRejection(`call_type: there is no call type ${text}`);
  return type;
}

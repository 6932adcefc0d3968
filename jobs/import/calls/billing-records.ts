import { type NewCall, EXTERNAL, INCOMING, INTERNAL, OUTGOING } from '../../../models/call/new-call';
import type { CallType } from '../../../models/call/call-type';
import { normaliseTelephone } from '../../../models/phone-number/parse-phone-number';
import { compileCharge } from '../format/values/amount-reader';
import { type CallContext, buildCallSource } from './call-context';
import { priceCall, priceReceivedCall } from './call-price';
import type { CallsReader } from './call-reader';
import { compileCallTimes } from './call-times';
import { compileText, compileWords, type FindColumn } from '../format/field-reader';
import { toArray } from '../format/values/value-schemas';
import type { NamedCallFormat } from '../format/load';
import { LineRejection } from '../line-rejection';
import { compileSourceId } from './source-id';

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
export function compileBillingRecords(format: NamedCallFormat, findColumn: FindColumn): CallsReader {
  const compileColumn = (values: Parameters<typeof toArray>[0]) =>
    compileText(toArray(values) as never, findColumn);
  const [readNumber, readOther] = [compileColumn(format.number), compileColumn(format.other_number)];
  const [readArea, readType] = [compileColumn(format.area), compileColumn(format.call_type)];
  const readDirection = compileWords(compileColumn(format.direction), 'direction', DIRECTIONS);
  const readClass = compileWords(compileColumn(format.line_class), 'line_class', LINE_CLASSES);
  const hasTypes = format.call_type !== undefined;
  const readId = compileSourceId(format, findColumn);
  const readTimes = compileCallTimes(format, findColumn);
  const readCharge = compileCharge(toArray(format.charge), findColumn);
  return (fields, context) => {
    const id = readId(fields);
    const phoneLine = context.lineLookup.find(readNumber(fields));
    if (!phoneLine)
      throw new LineRejection(`number: ${readNumber(fields) || '(empty)'} is not a number of any contract`);
    const direction = readDirection(fields);
    const { started_at, duration } = readTimes(fields, context.timezone);
    const other_number = readOtherNumber(readOther(fields), direction === OUTGOING);
    const call = {
      contract_id: phoneLine.contract_id,
      phone_number_id: phoneLine.phone_number_id,
      direction,
      started_at,
      duration,
      other_number,
      line_class: readClass(fields),
      source: buildCallSource(format.name, id(started_at, phoneLine.number, other_number)),
    };
    const call_type = hasTypes ? readCallType(readType(fields), context) : undefined;
    const own = { area: readArea(fields), call_type, charge: readCharge(fields) };
    const settle: typeof priceCall = direction === OUTGOING ? priceCall : priceReceivedCall;
    const calls: NewCall[] = [settle(call, own, context)];
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

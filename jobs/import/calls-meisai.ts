import { type CallRecord, EXTERNAL, INCOMING, INTERNAL, OUTGOING } from '../../models/call-record';
import type { CallType } from '../../models/call-type';
import { normaliseTelephone } from '../../models/telephone-input';
import { findRate, ratedCharge, readCharge, readDuration } from './call-amounts';
import { type CallContext, type CallFormat, callSource } from './call-format';
import { parseInstant } from './instant';
import { LineRejection } from './line-rejection';

const columns = [
  'source_id',
  'number',
  'direction',
  'started_at',
  'duration',
  'other_number',
  'area',
  'line_class',
  'call_type',
  'charge',
] as const;

const directions = new Map([
  ['outgoing', OUTGOING],
  ['incoming', INCOMING],
  ['発信', OUTGOING],
  ['着信', INCOMING],
]);

const lineClasses = new Map([
  ['external', EXTERNAL],
  ['internal', INTERNAL],
  ['外線', EXTERNAL],
  ['内線', INTERNAL],
]);

/** Our own CSV: what a billing system writes that knows the charge, or leaves it to the tariff. */
export const meisaiCalls: CallFormat = {
  name: 'meisai',
  columns: { required: columns },
  read: (fields, context) => [readMeisaiCall(fields, context)],
};

/** Fields by their place and one object for the call: this runs for each of millions of lines. */
function readMeisaiCall(fields: string[], context: CallContext): CallRecord {
  const field = (place: number) => fields[place] ?? '';
  if (field(0) === '') throw new LineRejection('source_id: empty');
  const known = context.directory.find(field(1));
  if (!known) throw new LineRejection(`number: ${field(1) || '(empty)'} is not a number of any contract`);
  const direction = oneOf('direction', directions, field(2));
  const call: CallRecord = {
    contract_id: known.contract_id,
    phone_number_id: known.phone_number_id,
    direction,
    started_at: readStart(field(3)),
    duration: readDuration(field(4)),
    other_number: readOtherNumber(field(5), direction === OUTGOING),
    area: field(6),
    line_class: oneOf('line_class', lineClasses, field(7)),
    call_type: readCallType(field(8), context),
    charge: 0,
    source: callSource('meisai', field(0)),
  };
  if (field(9) !== '') call.charge = readCharge(field(9));
  else if (direction === OUTGOING) rateCall(call, context);
  return call;
}

function rateCall(call: CallRecord, context: CallContext): void {
  const rate = findRate(context, call.other_number, call.started_at);
  call.charge = ratedCharge(rate, call.duration, call.call_type);
  call.area ||= rate.area;
}

function oneOf(column: string, words: ReadonlyMap<string, number>, text: string): number {
  const value = words.get(text);
  if (value === undefined)
    throw new LineRejection(`${column}: ${text || '(empty)'} is none of ${[...words.keys()].join(', ')}`);
  return value;
}

function readStart(text: string): number {
  const tenths = parseInstant(text);
  if (tenths === undefined)
    throw new LineRejection(
      `started_at: ${text || '(empty)'} is not a time with its zone, such as 2015-05-01T20:12:21.5+09:00`,
    );
  return tenths;
}

/** A caller may withhold the number; where we called, there is one. */
function readOtherNumber(text: string, isOutgoing: boolean): string {
  const { digits, reason } = normaliseTelephone(text);
  if (digits === undefined && isOutgoing) throw new LineRejection(`other_number: ${reason}`);
  return digits ?? '';
}

function readCallType(text: string, { callTypes }: CallContext): CallType {
  const type = callTypes.find(text);
  if (!type) throw new LineRejection(`call_type: there is no call type ${text || '(empty)'}`);
  return type;
}

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

function readMeisaiCall(fields: string[], context: CallContext): CallRecord {
  const [id = '', number = '', direction = '', start = '', seconds = ''] = fields;
  const [other = '', area = '', lineClass = '', type = '', charge = ''] = fields.slice(5);
  if (id === '') throw new LineRejection('source_id: empty');
  const known = context.directory.find(number);
  if (!known) throw new LineRejection(`number: ${number || '(empty)'} is not a number of any contract`);
  const { contract_id, phone_number_id } = known;
  const call = {
    contract_id,
    phone_number_id,
    direction: oneOf('direction', directions, direction),
    started_at: readStart(start),
    duration: readDuration(seconds),
    line_class: oneOf('line_class', lineClasses, lineClass),
    source: callSource('meisai', id),
  };
  const isOutgoing = call.direction === OUTGOING;
  const other_number = readOtherNumber(other, isOutgoing);
  const call_type = readCallType(type, context);
  if (charge !== '' || !isOutgoing)
    return { ...call, other_number, call_type, area: area || undefined, charge: readCharge(charge || '0') };
  const rate = findRate(context, other_number, call.started_at);
  const rated = ratedCharge(rate, call.duration, call_type);
  return { ...call, other_number, call_type, area: area || rate.area || undefined, charge: rated };
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

import { type CallRecord, EXTERNAL, INCOMING, INTERNAL, OUTGOING } from '../../models/call-record';
import type { KnownNumber, NumberDirectory } from '../../models/number-directory';
import { normaliseTelephone } from '../../models/telephone-input';
import { type AsteriskRecord, peerOf, readAsteriskRecord } from './asterisk-layout';
import { findRate, ratedCharge, readDuration } from './call-amounts';
import { type CallContext, type CallFormat, callSource } from './call-format';
import { parseLocalTime } from './instant';
import { LineRejection } from './line-rejection';

/** Asterisk's cdr_csv without a header: answered calls, from the answer on. */
export const asteriskCalls: CallFormat = {
  name: 'asterisk',
  read(fields, context) {
    const record = readAsteriskRecord(fields);
    if (!record) throw new LineRejection(`${fields.length} fields: not a record of Asterisk's cdr_csv`);
    return isAnswered(record) ? callsOf(record, fields, context) : [];
  },
};

/** Records of conferences and the like have no disposition of their own, but an answer. */
const isAnswered = ({ disposition, answer, billsec }: AsteriskRecord): boolean =>
  (disposition === 'ANSWERED' || disposition === '') && answer !== '' && billsec !== '0';

function callsOf(record: AsteriskRecord, fields: string[], context: CallContext): CallRecord[] {
  const caller = callerOf(record, context.directory);
  const called = calledOf(record, context.directory);
  if (!caller && !called)
    throw new LineRejection(
      `neither ${record.src || '(empty)'} nor ${record.dst} is a number of any contract`,
    );
  const id = idOf(record, fields);
  const calls: CallRecord[] = [];
  if (caller) calls.push(outgoingCall(record, caller, called, id, context));
  if (called) calls.push(incomingCall(record, caller, called, id, context));
  return calls;
}

function callerOf({ src, channel, accountCode }: AsteriskRecord, directory: NumberDirectory) {
  return directory.find(src) ?? directory.find(peerOf(channel)) ?? directory.find(accountCode);
}

const calledOf = ({ dst, dstChannel }: AsteriskRecord, directory: NumberDirectory) =>
  directory.find(dst) ?? directory.find(peerOf(dstChannel));

/** Asterisk counts its ids anew after a restart, so the start belongs to them; old versions write none. */
const idOf = ({ uniqueId, sequence, start }: AsteriskRecord, fields: string[]): string =>
  uniqueId ? `${uniqueId} ${sequence} ${start}` : fields.join('\0');

function common(record: AsteriskRecord, line: KnownNumber, { timezone }: CallContext) {
  const started_at = parseLocalTime(record.answer, timezone);
  if (started_at === undefined)
    throw new LineRejection(`answer: ${record.answer} is not a time in ${timezone}`);
  const { contract_id, phone_number_id } = line;
  return { contract_id, phone_number_id, started_at, duration: readDuration(record.billsec) };
}

function outgoingCall(
  record: AsteriskRecord,
  caller: KnownNumber,
  called: KnownNumber | undefined,
  id: string,
  context: CallContext,
): CallRecord {
  const { digits: other_number, reason } = normaliseTelephone(record.dst);
  if (other_number === undefined) throw new LineRejection(`dst: ${reason}`);
  const isInternal = called !== undefined || isExtension(other_number);
  const call = {
    ...common(record, caller, context),
    direction: OUTGOING,
    other_number,
    line_class: isInternal ? INTERNAL : EXTERNAL,
    source: callSource('asterisk', id),
  };
  const known = isInternal ? context.rates?.rateOf(other_number, call.started_at) : undefined;
  if (isInternal && !known) return { ...call, area: '', call_type: context.callTypes.get('ip'), charge: 0 };
  const rate = known ?? findRate(context, other_number, call.started_at);
  const call_type = context.callTypes.get(rate.call_type_id);
  const charge = ratedCharge(rate, call.duration, call_type);
  return { ...call, area: rate.area, call_type, charge };
}

function incomingCall(
  record: AsteriskRecord,
  caller: KnownNumber | undefined,
  called: KnownNumber,
  id: string,
  context: CallContext,
): CallRecord {
  const call = common(record, called, context);
  const other_number = caller?.number ?? normaliseTelephone(record.src).digits ?? '';
  const isInternal = caller !== undefined || isExtension(other_number);
  const rate = isInternal ? undefined : context.rates?.rateOf(other_number, call.started_at);
  return {
    ...call,
    direction: INCOMING,
    other_number,
    area: rate?.area ?? '',
    line_class: isInternal ? INTERNAL : EXTERNAL,
    call_type: context.callTypes.get(rate?.call_type_id ?? (isInternal ? 'ip' : 'domestic')),
    charge: 0,
    source: callSource('asterisk', `${id} incoming`),
  };
}

/** 2 to 6 digits that neither begin with 0 nor are a service such as 117. */
const isExtension = (digits: string): boolean => /^(?!1\d\d$)[1-9]\d{1,5}$/.test(digits);

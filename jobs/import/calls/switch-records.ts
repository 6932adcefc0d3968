import { type CallRecord, EXTERNAL, INCOMING, INTERNAL, OUTGOING } from '../../../models/call/new-call';
import type { KnownNumber, NumberDirectory } from '../../../models/contract/line-lookup';
import { normaliseTelephone } from '../../../models/phone-number/parse-phone-number';
import { compileCharge } from '../format/values/amount-reader';
import { callSource } from './call-context';
import { pricedCall, receivedCall, type UnpricedCall } from './call-price';
import type { CallsReader } from './call-reader';
import { compileCallTimes } from './call-times';
import { compileEach, compileText, type FieldReader, type PlaceOf } from '../format/field-reader';
import type { NamedCallFormat } from '../format/load';
import { type CallSide, listOf } from '../format/values/value-schemas';
import { LineRejection } from '../line-rejection';
import { compileId } from './source-id';

/** Who called, or was called, and which line of ours that is. */
interface Party {
  text: string;
  line?: KnownNumber;
  /** Whether the number itself is ours, not only another name in the record. */
  byNumber: boolean;
}

/** Records as a switch writes them, from caller to called: a call for each side that is a line of ours. */
export function compileSwitchCalls(format: NamedCallFormat, placeOf: PlaceOf): CallsReader {
  const callerOf = partyReader(format.caller, placeOf);
  const calledOf = partyReader(format.called, placeOf);
  const idOf = compileId(format, placeOf);
  const timesOf = compileCallTimes(format, placeOf);
  const chargeOf = compileCharge(listOf(format.charge), placeOf);
  const areaOf = compileText(listOf(format.area), placeOf);
  return (fields, context) => {
    const [caller, called] = sides(callerOf(fields, context.directory), calledOf(fields, context.directory));
    const times = timesOf(fields, context.timezone);
    const id = idOf(fields)(times.started_at, caller.text, called.text);
    const isBetweenOurs = Boolean(caller.line && called.line);
    const calls: CallRecord[] = [];
    if (caller.line) {
      const place = { ...times, direction: OUTGOING, source: callSource(format.name, id) };
      const call = callOf(caller.line, dialledNumber(called), isBetweenOurs, place);
      const own = { area: areaOf(fields), charge: chargeOf(fields), isFree: call.line_class === INTERNAL };
      calls.push(pricedCall(call, own, context));
    }
    if (called.line) {
      const from = caller.line?.number ?? normaliseTelephone(caller.text).digits ?? '';
      const place = { ...times, direction: INCOMING, source: callSource(format.name, `${id} incoming`) };
      const call = callOf(called.line, from, isBetweenOurs, place);
      calls.push(receivedCall(call, { area: '', isFree: call.line_class === INTERNAL }, context));
    }
    return calls;
  };
}

type CallPlace = Pick<UnpricedCall, 'started_at' | 'duration' | 'direction' | 'source'>;

function callOf(
  line: KnownNumber,
  other_number: string,
  isBetweenOurs: boolean,
  place: CallPlace,
): UnpricedCall {
  const { contract_id, phone_number_id } = line;
  const line_class = isBetweenOurs || isExtension(other_number) ? INTERNAL : EXTERNAL;
  return { ...place, contract_id, phone_number_id, other_number, line_class };
}

function partyReader(side: CallSide | undefined, placeOf: PlaceOf) {
  const textOf = compileText(listOf(side?.number), placeOf);
  const names: FieldReader[] = compileEach(side?.names ?? listOf(side?.number), placeOf);
  return (fields: string[], directory: NumberDirectory): Party => {
    const text = textOf(fields);
    for (const name of names) {
      const line = directory.find(name(fields));
      if (line) return { text, line, byNumber: name(fields) === text };
    }
    return { text, byNumber: false };
  };
}

/** One line on both sides by another name on one of them: the number decides. */
function sides(caller: Party, called: Party): [Party, Party] {
  if (!caller.line && !called.line)
    throw new LineRejection(
      `neither ${caller.text || '(empty)'} nor ${called.text || '(empty)'} is a number of any contract`,
    );
  const isSame = caller.line !== undefined && caller.line === called.line;
  if (isSame && !caller.byNumber && called.byNumber) return [{ ...caller, line: undefined }, called];
  if (isSame && caller.byNumber && !called.byNumber) return [caller, { ...called, line: undefined }];
  return [caller, called];
}

/** A line of ours may be called by a name that is no number. */
function dialledNumber({ text, line }: Party): string {
  const { digits = line?.number, reason } = normaliseTelephone(text);
  if (digits === undefined) throw new LineRejection(`called: ${reason}`);
  return digits;
}

/** 2 to 6 digits that neither begin with 0 nor are a service such as 117. */
const isExtension = (digits: string): boolean => /^(?!1\d\d$)[1-9]\d{1,5}$/.test(digits);

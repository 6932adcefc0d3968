import { type NewCall, EXTERNAL, INCOMING, INTERNAL, OUTGOING } from '../../../models/call/new-call';
import type { KnownLine, LineLookup } from '../../../models/contract/line-lookup';
import { normaliseTelephone } from '../../../models/phone-number/parse-phone-number';
import { compileCharge } from '../format/values/amount-reader';
import { buildCallSource } from './call-context';
import { priceCall, priceReceivedCall, type UnpricedCall } from './call-price';
import type { CallsReader } from './call-reader';
import { compileCallTimes } from './call-times';
import { compileEach, compileText, type FieldReader, type FindColumn } from '../format/field-reader';
import type { NamedCallFormat } from '../format/load';
import { type CallSide, toArray } from '../format/values/value-schemas';
import { LineRejection } from '../line-rejection';
import { compileSourceId } from './source-id';

/** Who called, or was called, and which line of ours that is. */
interface Party {
  text: string;
  line?: KnownLine;
  /** Whether the number itself is ours, not only another name in the record. */
  byNumber: boolean;
}

/** Records as a switch writes them, from caller to called: a call for each side that is a line of ours. */
export function compileSwitchRecords(format: NamedCallFormat, findColumn: FindColumn): CallsReader {
  const readCaller = compileParty(format.caller, findColumn);
  const readCalled = compileParty(format.called, findColumn);
  const readId = compileSourceId(format, findColumn);
  const readTimes = compileCallTimes(format, findColumn);
  const readCharge = compileCharge(toArray(format.charge), findColumn);
  const readArea = compileText(toArray(format.area), findColumn);
  return (fields, context) => {
    const [caller, called] = resolveSides(
      readCaller(fields, context.lineLookup),
      readCalled(fields, context.lineLookup),
    );
    const times = readTimes(fields, context.timezone);
    const id = readId(fields)(times.started_at, caller.text, called.text);
    const isBetweenOurs = Boolean(caller.line && called.line);
    const calls: NewCall[] = [];
    if (caller.line) {
      const place = { ...times, direction: OUTGOING, source: buildCallSource(format.name, id) };
      const call = buildCall(caller.line, getDialledNumber(called), isBetweenOurs, place);
      const own = {
        area: readArea(fields),
        charge: readCharge(fields),
        isFree: call.line_class === INTERNAL,
      };
      calls.push(priceCall(call, own, context));
    }
    if (called.line) {
      const from = caller.line?.number ?? normaliseTelephone(caller.text).digits ?? '';
      const place = { ...times, direction: INCOMING, source: buildCallSource(format.name, `${id} incoming`) };
      const call = buildCall(called.line, from, isBetweenOurs, place);
      calls.push(priceReceivedCall(call, { area: '', isFree: call.line_class === INTERNAL }, context));
    }
    return calls;
  };
}

type CallPlace = Pick<UnpricedCall, 'started_at' | 'duration' | 'direction' | 'source'>;

function buildCall(
  line: KnownLine,
  other_number: string,
  isBetweenOurs: boolean,
  place: CallPlace,
): UnpricedCall {
  const { contract_id, phone_number_id } = line;
  const line_class = isBetweenOurs || isExtension(other_number) ? INTERNAL : EXTERNAL;
  return { ...place, contract_id, phone_number_id, other_number, line_class };
}

function compileParty(side: CallSide | undefined, findColumn: FindColumn) {
  const readText = compileText(toArray(side?.number), findColumn);
  const names: FieldReader[] = compileEach(side?.names ?? toArray(side?.number), findColumn);
  return (fields: string[], lineLookup: LineLookup): Party => {
    const text = readText(fields);
    for (const name of names) {
      const line = lineLookup.find(name(fields));
      if (line) return { text, line, byNumber: name(fields) === text };
    }
    return { text, byNumber: false };
  };
}

/** One line on both sides by another name on one of them: the number decides. */
function resolveSides(caller: Party, called: Party): [Party, Party] {
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
function getDialledNumber({ text, line }: Party): string {
  const { digits = line?.number, reason } = normaliseTelephone(text);
  if (digits === undefined) throw new LineRejection(`called: ${reason}`);
  return digits;
}

/** 2 to 6 digits that neither begin with 0 nor are a service such as 117. */
const isExtension = (digits: string): boolean => /^(?!1\d\d$)[1-9]\d{1,5}$/.test(digits);

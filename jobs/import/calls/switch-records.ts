import { EXTERNAL, INCOMING, INTERNAL, OUTGOING, type NewCall } from '../../../models/call/new-call';
import { toJstDay } from '../../../lib/values/jst';
import {
  explainNoHolder,
  type KnownLine,
  type KnownName,
  type LineLookup,
} from '../../../models/contract/line-lookup';
import { normaliseTelephone } from '../../../models/phone-number/parse-phone-number';
import type { NamedCallFormat } from '../format/load';
import { compileCharge } from '../format/values/amount';
import { type CallSide, compileEach, compileText, type FindColumn, toArray } from '../format/values/text';
import { LineRejection } from '../source/rejected-lines';
import {
  type CallsReader,
  checksumRecord,
  compileCallTimes,
  compileIdentity,
  compileOldSourceId,
  digestOldSource,
  priceCall,
} from './call-parts';

/** The caller or the called party, and which line of ours that is. */
interface Party {
  text: string;
  line?: KnownLine;
  /** Whether the number itself is ours, not only another name in the record. */
  byNumber: boolean;
  /** If no line is found: finds a name of ours that nobody held on the day of the call. */
  findUnheld?: () => KnownName | undefined;
}

/** Reads records as a switch writes them, from caller to called: a call for each side that is a line of ours. */
export function compileSwitchRecords(format: NamedCallFormat, findColumn: FindColumn): CallsReader {
  const readCaller = compileParty(format.caller, findColumn);
  const readCalled = compileParty(format.called, findColumn);
  const identify = compileIdentity(format, findColumn);
  const readOldId = compileOldSourceId(format, findColumn);
  const readTimes = compileCallTimes(format, findColumn);
  const readCharge = compileCharge(toArray(format.charge), findColumn);
  const readArea = compileText(toArray(format.area), findColumn);
  return (fields, context) => {
    const { started_at, duration } = readTimes(fields, context.timezone);
    const day = toJstDay(started_at);
    const [caller, called] = resolveSides(
      readCaller(fields, context.lineLookup, day),
      readCalled(fields, context.lineLookup, day),
      day,
    );
    const oldId = readOldId(fields)(started_at, caller.text, called.text);
    const isBetweenOurs = Boolean(caller.line && called.line);
    const addSide = (line: KnownLine, direction: number, other_number: string): NewCall => {
      const isInternal = isBetweenOurs || isExtension(other_number);
      const call = {
        contract_id: line.contract_id,
        phone_number_id: line.phone_number_id,
        direction,
        started_at,
        duration,
        other_number,
        // The area and the charge of a record are the caller's.
        area: direction === OUTGOING ? readArea(fields) : '',
        line_class: isInternal ? INTERNAL : EXTERNAL,
        call_type: undefined,
        charge: direction === OUTGOING ? readCharge(fields) : undefined,
        source_line: 0,
        content: 0,
        source: identify(fields, direction === OUTGOING ? 'caller' : 'called', context),
        old_source: digestOldSource(
          format,
          direction === OUTGOING ? oldId : `${oldId} incoming`,
          { started_at },
          context,
        ),
      };
      call.content = checksumRecord(call);
      return priceCall(call, context, isInternal);
    };
    const calls: NewCall[] = [];
    if (caller.line) calls.push(addSide(caller.line, OUTGOING, getDialledNumber(called)));
    if (called.line) {
      const from = caller.line?.number ?? normaliseTelephone(caller.text).digits ?? '';
      calls.push(addSide(called.line, INCOMING, from));
    }
    return calls;
  };
}

function compileParty(side: CallSide | undefined, findColumn: FindColumn) {
  const readText = compileText(toArray(side?.number), findColumn);
  const names = compileEach(side?.names ?? toArray(side?.number), findColumn);
  return (fields: string[], lineLookup: LineLookup, day: number): Party => {
    const text = readText(fields);
    for (const name of names) {
      const line = lineLookup.find(name(fields), day);
      if (line) return { text, line, byNumber: name(fields) === text };
    }
    const findUnheld = () => names.map((name) => lineLookup.findName(name(fields))).find(Boolean);
    return { text, byNumber: false, findUnheld };
  };
}

/** If both sides are one line, and one of them only by another name, the side with the number counts. */
function resolveSides(caller: Party, called: Party, day: number): [Party, Party] {
  if (!caller.line && !called.line) rejectWithoutLine(caller, called, day);
  const isSame = caller.line !== undefined && caller.line.phone_number_id === called.line?.phone_number_id;
  if (isSame && !caller.byNumber && called.byNumber) return [{ ...caller, line: undefined }, called];
  if (isSame && caller.byNumber && !called.byNumber) return [caller, { ...called, line: undefined }];
  return [caller, called];
}

function rejectWithoutLine(caller: Party, called: Party, day: number): never {
  const unheld = [caller.findUnheld?.(), called.findUnheld?.()].filter((known) => known !== undefined);
  if (unheld.length > 0)
    throw new LineRejection(
      explainNoHolder(
        unheld.map(({ name }) => name),
        day,
      ),
    );
  throw new LineRejection(
    `neither ${caller.text || '(empty)'} nor ${called.text || '(empty)'} is a number of any contract`,
  );
}

/** A line of ours may be called by a name that is no number. */
function getDialledNumber({ text, line, findUnheld }: Party): string {
  const { digits = line?.number ?? findUnheld?.()?.number, reason } = normaliseTelephone(text);
  if (digits === undefined) throw new LineRejection(`called: ${reason}`);
  return digits;
}

/** 2 to 6 digits that neither begin with 0 nor are a service such as 117. */
const isExtension = (digits: string): boolean => /^(?!1\d\d$)[1-9]\d{1,5}$/.test(digits);

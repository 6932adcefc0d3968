import { hash } from 'node:crypto';
import type { CallType } from '../../../models/call/call-type';
import { defaultCallType } from '../../../models/call/default-call-type';
import { INCOMING, type NewCall } from '../../../models/call/new-call';
import type { LineLookup } from '../../../models/contract/line-lookup';
import { computeCharge, type RateTable } from '../../../models/rating/rate-table';
import type { CallFormat } from '../format/schema';
import { checkCharge, checkDuration, compileDuration } from '../format/values/amount';
import { compileText, type FindColumn, toArray } from '../format/values/text';
import { compileTime, type ParsedTime } from '../format/values/time';
import { LineRejection } from '../source/rejected-lines';

/** The data that every format needs to read a record. */
export interface CallContext {
  lineLookup: LineLookup;
  callTypes: CallTypeList;
  /** The tariff for records without a charge. */
  rates?: RateTable;
  /** The zone of times that are written without one. */
  timezone: string;
}

/** Reads the calls of our lines that an answered record is about. A LineRejection refuses the record. */
export type CallsReader = (fields: string[], context: CallContext) => NewCall[];

/** The call types by their codes, labels and ids. */
export class CallTypeList {
  private readonly byName = new Map<string, CallType>();
  private readonly byId = new Map<number, CallType>();

  constructor(types: CallType[]) {
    for (const type of types) this.byName.set(type.label, type);
    for (const type of types) {
      this.byName.set(type.code, type);
      this.byId.set(type.id, type);
    }
  }

  find(name: string): CallType | undefined {
    return this.byName.get(name);
  }

  /** @throws Error if there is none: the types of rates and of the numbering plan always exist. */
  get(name: string | number): CallType {
    const type = typeof name === 'number' ? this.byId.get(name) : this.byName.get(name);
    if (!type) throw new Error(`There is no call type ${name}`);
    return type;
  }
}

/** The unique source of a call: 16 bytes, a character each, from the family of formats and its id of the call. */
export const buildCallSource = (family: string, id: string): string =>
  hash('sha256', `${family}\0${id}`, 'binary').slice(0, 16);

/** Completes the id by when the call began (0.1 s since the epoch), the caller and the called party. */
export type SourceId = (started_at: number, caller: string, called: string) => string;

/**
 * Reads what distinguishes a call from all others. A switch may restart its ids, or give one to several calls: then
 * start and numbers are part of it. A record without an id is identified by its whole text.
 */
export function compileSourceId(
  { id, id_is_unique }: CallFormat,
  findColumn: FindColumn,
): (fields: string[]) => SourceId {
  const parts = id.map((value) => compileText([value], findColumn));
  const name = typeof id[0] === 'string' ? id[0] : 'id';
  const [first = compileText([], findColumn), ...others] = parts;
  return (fields) => {
    const text = first(fields);
    if (id_is_unique) {
      if (text === '') throw new LineRejection(`${name}: empty`);
      const unique = others.length === 0 ? text : parts.map((part) => part(fields)).join(' ');
      return () => unique;
    }
    if (text === '') return () => fields.join('\0');
    return (...rest) => [...parts.map((part) => part(fields)), ...rest].join(' ');
  };
}

/**
 * Reads when a call began (0.1 s since the epoch) and how long it took (0.1 s). A LineRejection refuses times that are
 * missing or wrong, or that contradict the duration.
 */
export function compileCallTimes(
  format: CallFormat,
  findColumn: FindColumn,
): (fields: string[], zone: string) => Pick<NewCall, 'started_at' | 'duration'> {
  const readStart = compileTime('started_at', toArray(format.started_at), findColumn);
  const readEnd = format.ended_at && compileTime('ended_at', toArray(format.ended_at), findColumn);
  const readDuration = compileDuration(toArray(format.duration), findColumn);
  const tolerance = format.tolerance_seconds * 10;
  return (fields, zone) => {
    const begun = readStart(fields, zone);
    if (!begun) throw new LineRejection('started_at: (empty) is not a time with its zone');
    const { tenths: started_at } = begun;
    const ended = readEnd?.(fields, zone);
    const duration = readDuration(fields);
    if (ended) return { started_at, duration: reconcileDuration(begun, ended, duration, tolerance) };
    if (duration === undefined) throw new LineRejection('duration: (empty) is not a number of seconds');
    return { started_at, duration };
  };
}

/** Times that are written in seconds or minutes may be that much further apart than they say. */
function reconcileDuration(
  begun: ParsedTime,
  ended: ParsedTime,
  duration: number | undefined,
  tolerance: number,
): number {
  const between = ended.tenths - begun.tenths;
  if (duration === undefined && between < 0) throw new LineRejection('ended_at: before the start');
  if (duration === undefined) return checkDuration(between, `${between / 10} s`);
  const allowed = tolerance + Math.max(begun.resolution, ended.resolution);
  if (Math.abs(between - duration) > allowed)
    throw new LineRejection(`duration: ${duration / 10} s, but from start to end it is ${between / 10} s`);
  return duration;
}

/** A call whose record may leave its type and its charge open. */
type RecordedCall = Omit<NewCall, 'call_type' | 'charge'> & {
  call_type: CallType | undefined;
  charge: number | undefined;
};

/**
 * Settles the type, the area and the charge of a call, in place: what the record does not say comes from the tariff,
 * or from the numbering plan if the charge is known. Received calls cost nothing; neither do calls with `isFree` that
 * the tariff has no rate for.
 */
export function priceCall(call: RecordedCall, context: CallContext, isFree = false): NewCall {
  const isReceived = call.direction === INCOMING;
  if (isReceived) call.charge ??= 0;
  if (call.charge === undefined || !call.call_type) {
    const { rates, callTypes } = context;
    const rate = isReceived && isFree ? undefined : rates?.findRate(call.other_number, call.started_at);
    if (!rate && call.charge === undefined && !isFree) rejectMissingRate(call, rates);
    call.area ||= rate?.area ?? '';
    call.call_type ??= callTypes.get(
      rate?.call_type_id ?? (isFree ? 'ip' : defaultCallType(call.other_number)),
    );
    const isCounted = Boolean(call.call_type.counted);
    call.charge ??= rate ? checkCharge(computeCharge(rate, call.duration, isCounted)) : 0;
  }
  return call as NewCall;
}

function rejectMissingRate({ other_number }: RecordedCall, rates: RateTable | undefined): never {
  throw new LineRejection(
    rates
      ? `charge: empty, and the tariff has no rate for ${other_number} at that time`
      : 'charge: empty, and no tariff was given to rate the call',
  );
}

import type { CallType } from '../../../models/call/call-type';
import { defaultCallType } from '../../../models/call/default-call-type';
import {
  type RecordSide,
  computeChecksum,
  digestIdentity,
  digestOldIdentity,
} from '../../../models/call/call-identity';
import { INCOMING, type NewCall } from '../../../models/call/new-call';
import { now } from '../../../lib/values/clock';
import { TENTHS_OF_DAY } from '../../../lib/values/jst';
import type { LineLookup } from '../../../models/contract/line-lookup';
import { computeCharge, type RateTable } from '../../../models/rating/rate-table';
import type { NamedCallFormat } from '../format/load';
import type { CallFormat } from '../format/schema';
import { checkCharge, checkDuration, compileDuration } from '../format/values/amount';
import { compileText, compileWritten, type FindColumn, toArray } from '../format/values/text';
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
  /** The switch that wrote the records, which is part of what identifies a call. */
  switchName: string;
  /** Whether the database has calls of version 0.1.0, which are identified in another way. */
  hasOldCalls: boolean;
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

/** Identifies the calls of a record. */
export type RecordIdentity = (fields: string[], side: RecordSide, context: CallContext) => string;

/**
 * Reads what distinguishes a call from all others, as it is written in the record. A switch may restart its ids, or give
 * one to several calls: then start, caller and called party are part of it. A record without an id is identified by all
 * of its fields.
 */
export function compileIdentity(
  { id, id_is_unique, started_at, ...format }: CallFormat,
  findColumn: FindColumn,
): RecordIdentity {
  const ids = id.map((value) => compileWritten([value], findColumn));
  const parties = [
    format.caller?.number ?? format.number,
    format.called?.number ?? format.other_number,
    format.caller ? undefined : format.direction,
  ];
  const others = [toArray(started_at), ...parties.map(toArray)].map((values) =>
    compileWritten(values, findColumn),
  );
  const name = typeof id[0] === 'string' ? id[0] : 'id';
  const [readFirst = compileText([], findColumn)] = ids;
  const readAll = id_is_unique ? ids : [...ids, ...others];
  return (fields, side, { switchName }) => {
    const hasId = readFirst(fields) !== '';
    if (!hasId && id_is_unique) throw new LineRejection(`${name}: empty`);
    const written = hasId ? readAll.map((read) => read(fields)) : fields;
    return digestIdentity({ switchName, side, written });
  };
}

/** A checksum of what a record says of a call, before anything is added from the tariff or the numbering plan. */
export const checksumRecord = (call: RecordedCall): number =>
  computeChecksum([
    call.phone_number_id,
    call.direction,
    call.started_at,
    call.duration,
    call.other_number,
    call.area,
    call.line_class,
    call.call_type?.code ?? '',
    call.charge ?? '',
  ]);

/** The identity by which version 0.1.0 stored a call; undefined where there are no such calls. */
export const digestOldSource = (
  format: NamedCallFormat,
  id: string,
  { started_at }: Pick<NewCall, 'started_at'>,
  { hasOldCalls }: CallContext,
): string | undefined => (hasOldCalls ? digestOldIdentity(format.name, id, started_at) : undefined);

/** Completes the id by when the call began (0.1 s since the epoch), the caller and the called party. */
export type OldSourceId = (started_at: number, caller: string, called: string) => string;

/** Reads the id that version 0.1.0 made of a record: of converted values, unless the switch never uses an id twice. */
export function compileOldSourceId(
  { id, id_is_unique }: CallFormat,
  findColumn: FindColumn,
): (fields: string[]) => OldSourceId {
  const parts = id.map((value) => compileText([value], findColumn));
  const [first = compileText([], findColumn)] = parts;
  return (fields) => {
    if (id_is_unique) return () => parts.map((part) => part(fields)).join(' ');
    if (first(fields) === '') return () => fields.join('\0');
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
  const latest = Math.floor(now() / 100) + TENTHS_OF_DAY;
  return (fields, zone) => {
    const begun = readStart(fields, zone);
    if (!begun) throw new LineRejection('started_at: (empty) is not a time with its zone');
    const { tenths: started_at } = begun;
    if (started_at > latest)
      throw new LineRejection(`started_at: ${new Date(started_at * 100).toISOString()} is in the future`);
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
    if (call.charge === undefined) {
      call.charge = rate ? checkCharge(computeCharge(rate, call.duration, isCounted)) : 0;
      call.rate_id = rate?.id;
    }
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

import type { CallRecord } from '../../../models/call/new-call';
import type { CallType } from '../../../models/call/call-type';
import type { TariffRate } from '../../../models/rating/rate-table';
import { usualCallType } from '../../../models/call/default-call-type';
import { ratedCharge } from '../format/values/amount-reader';
import type { CallContext } from './call-context';
import { LineRejection } from '../line-rejection';

/** A call before its type, area and charge are settled. */
export type UnpricedCall = Omit<CallRecord, 'area' | 'call_type' | 'charge'>;

/** What the record itself says of them. */
export interface OwnPrice {
  area: string;
  call_type?: CallType | undefined;
  /** 1/100 yen */
  charge?: number | undefined;
  /** Whether it is free where the tariff has no rate for it: a call from line to line. */
  isFree?: boolean;
}

/** What the record does not say comes from the tariff; of a call whose charge is known, from the numbering plan. */
export function pricedCall(call: UnpricedCall, own: OwnPrice, context: CallContext): CallRecord {
  const { area, call_type, charge, isFree = false } = own;
  if (charge !== undefined && call_type) return settled(call, area, call_type, charge);
  const known = context.rates?.rateOf(call.other_number, call.started_at);
  const rate = known ?? (charge === undefined && !isFree ? missingRate(call, context) : undefined);
  const type = call_type ?? typeOf(call, rate, isFree, context);
  const rated = rate ? ratedCharge(rate, call.duration, type) : 0;
  return settled(call, area || (rate?.area ?? ''), type, charge ?? rated);
}

/** Nobody pays for it: the type and the area are for the lists. */
export function receivedCall(call: UnpricedCall, own: OwnPrice, context: CallContext): CallRecord {
  const { area, call_type, charge = 0, isFree = false } = own;
  if (call_type) return settled(call, area, call_type, charge);
  const rate = isFree ? undefined : context.rates?.rateOf(call.other_number, call.started_at);
  return settled(call, area || (rate?.area ?? ''), typeOf(call, rate, isFree, context), charge);
}

/** Name by name: to spread an object costs more than to read the rest of the record. */
const settled = (call: UnpricedCall, area: string, call_type: CallType, charge: number): CallRecord => ({
  contract_id: call.contract_id,
  phone_number_id: call.phone_number_id,
  direction: call.direction,
  started_at: call.started_at,
  duration: call.duration,
  other_number: call.other_number,
  area,
  line_class: call.line_class,
  call_type,
  charge,
  source: call.source,
});

function typeOf(
  { other_number }: UnpricedCall,
  rate: TariffRate | undefined,
  isFree: boolean,
  { callTypes }: CallContext,
): CallType {
  return callTypes.get(rate?.call_type_id ?? (isFree ? 'ip' : usualCallType(other_number)));
}

function missingRate({ other_number }: UnpricedCall, { rates }: CallContext): never {
  throw new LineRejection(
    rates
      ? `charge: empty, and the tariff has no rate for ${other_number} at that time`
      : 'charge: empty, and no tariff was given to rate the call',
  );
}

import type { NewCall } from '../../../models/call/new-call';
import type { CallType } from '../../../models/call/call-type';
import type { TariffRate } from '../../../models/rating/rate-table';
import { defaultCallType } from '../../../models/call/default-call-type';
import { calculateRatedCharge } from '../format/values/amount-reader';
import type { CallContext } from './call-context';
import { LineRejection } from '../line-rejection';

/** A call before its type, area and charge are settled. */
export type UnpricedCall = Omit<NewCall, 'area' | 'call_type' | 'charge'>;

/** What the record itself says of them. */
export interface RecordedPrice {
  area: string;
  call_type?: CallType | undefined;
  /** 1/100 yen */
  charge?: number | undefined;
  /** Whether it is free where the tariff has no rate for it: a call from line to line. */
  isFree?: boolean;
}

/** What the record does not say comes from the tariff; of a call whose charge is known, from the numbering plan. */
export function priceCall(call: UnpricedCall, recorded: RecordedPrice, context: CallContext): NewCall {
  const { area, call_type, charge, isFree = false } = recorded;
  if (charge !== undefined && call_type) return buildNewCall(call, area, call_type, charge);
  const tariffRate = context.rates?.findRate(call.other_number, call.started_at);
  const rate = tariffRate ?? (charge === undefined && !isFree ? rejectMissingRate(call, context) : undefined);
  const type = call_type ?? determineCallType(call, rate, isFree, context);
  const rated = rate ? calculateRatedCharge(rate, call.duration, type) : 0;
  return buildNewCall(call, area || (rate?.area ?? ''), type, charge ?? rated);
}

/** Nobody pays for it: the type and the area are for the lists. */
export function priceReceivedCall(
  call: UnpricedCall,
  recorded: RecordedPrice,
  context: CallContext,
): NewCall {
  const { area, call_type, charge = 0, isFree = false } = recorded;
  if (call_type) return buildNewCall(call, area, call_type, charge);
  const rate = isFree ? undefined : context.rates?.findRate(call.other_number, call.started_at);
  return buildNewCall(
    call,
    area || (rate?.area ?? ''),
    determineCallType(call, rate, isFree, context),
    charge,
  );
}

/** Name by name: to spread an object costs more than to read the rest of the record. */
const buildNewCall = (call: UnpricedCall, area: string, call_type: CallType, charge: number): NewCall => ({
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

function determineCallType(
  { other_number }: UnpricedCall,
  rate: TariffRate | undefined,
  isFree: boolean,
  { callTypes }: CallContext,
): CallType {
  return callTypes.get(rate?.call_type_id ?? (isFree ? 'ip' : defaultCallType(other_number)));
}

function rejectMissingRate({ other_number }: UnpricedCall, { rates }: CallContext): never {
  throw new LineRejection(
    rates
      ? `charge: empty, and the tariff has no rate for ${other_number} at that time`
      : 'charge: empty, and no tariff was given to rate the call',
  );
}

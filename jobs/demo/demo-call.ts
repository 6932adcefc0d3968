import { type NewCall, EXTERNAL, INCOMING, OUTGOING } from '../../models/call/new-call';
import { type BillingMonth, addMonths, getMonthStart } from '../../models/billing/month';
import { toJstDay, TENTHS_OF_DAY } from '../../lib/values/jst';
import type { HeldNumber } from '../../models/contract/phone-number';
import type { CallService } from '../../models/contract/service';
import { digestIdentity } from '../../models/call/call-identity';
import type { CallTypeList } from '../import/calls/call-parts';
import type { SeededRandom } from './seeded-random';
import { type GroupTotals, shareOut } from './share-out';

/** A call of the demonstration, before it belongs to a contract. */
export interface DemoCall {
  /** The service of the contract's number; ip050 by default. */
  service?: CallService;
  /** Place of the number among those of the service; the last one if there are fewer. */
  line?: number;
  incoming?: boolean;
  /** 0.1 s since the epoch */
  started_at: number;
  /** 0.1 s */
  duration: number;
  other_number: string;
  area?: string;
  /** Code of the call type. */
  type: string;
  /** 1/100 yen */
  charge: number;
}

/** Calls to one kind of destination, with what they add up to. */
export interface DemoGroup extends GroupTotals {
  type: string;
  service?: CallService;
  incoming?: boolean;
  /** 1/100 yen for each unit. */
  price: number;
  /** First digits of the other numbers, and how many digits follow. */
  destinations: readonly (readonly [prefix: string, rest: number, area?: string])[];
  /** How many numbers of the contract they are spread over. */
  lines: number;
}

const HOUR = 36_000;

/** A time of a working day in this month, in 0.1 s; the call must have ended on the same day. */
export function pickOfficeTime(month: BillingMonth, random: SeededRandom): number {
  const days = toJstDay(getMonthStart(addMonths(month))) - toJstDay(getMonthStart(month));
  const day = getMonthStart(month) + random.pickBetween(0, days - 1) * TENTHS_OF_DAY;
  return day + random.pickBetween(9 * HOUR, 19 * HOUR) + random.pickBetween(0, 9);
}

export function buildGroupCalls(group: DemoGroup, month: BillingMonth, random: SeededRandom): DemoCall[] {
  return shareOut(group, random).map(({ duration, units }) => {
    const [prefix, rest, area] = random.pick(group.destinations);
    return {
      service: group.service,
      line: random.pickBetween(0, group.lines - 1),
      incoming: group.incoming,
      started_at: pickOfficeTime(month, random),
      duration,
      other_number: prefix + random.pickDigits(rest),
      area,
      type: group.type,
      charge: units * group.price,
    };
  });
}

/** The call as an importer would build it. Its source names the month and the place in it. */
export function toNewCall(
  call: DemoCall,
  place: string,
  numbersByService: Partial<Record<CallService, HeldNumber[]>>,
  types: CallTypeList,
): NewCall {
  const numbers = numbersByService[call.service ?? 'ip050'] ?? [];
  const line = numbers[Math.min(call.line ?? 0, numbers.length - 1)];
  if (!line) throw new Error('A contract of the demonstration has no numbers');
  return {
    contract_id: line.contract_id,
    phone_number_id: line.id,
    direction: call.incoming ? INCOMING : OUTGOING,
    started_at: call.started_at,
    duration: call.duration,
    other_number: call.other_number,
    area: call.area ?? '',
    line_class: EXTERNAL,
    call_type: types.get(call.type),
    charge: call.charge,
    source_line: 0,
    source: digestIdentity({
      switchName: 'demo',
      side: call.incoming ? 'called' : 'caller',
      written: [place],
    }),
    content: 0,
  };
}

import type { CallTotals } from '../call/call-totals';
import { INCOMING, OUTGOING } from '../call/new-call';
import { db } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';
import type { CallService } from '../contract/service';

export interface ControlTotals {
  month: BillingMonth;
  outgoing: CallTotals;
  incoming: CallTotals;
  /** The outgoing calls, as the screens and both detail files have them. */
  by_call_type: ({ call_type: string; label: string } & CallTotals)[];
  /** A contract's numbers of another service have no detail files; its screens show them by themselves. */
  by_contract: ({ contract: string; service: CallService } & CallTotals)[];
}

/** The totals of a month, from the sums that screens and files of charges are made of. */
export async function getControlTotals(month: BillingMonth, contract?: string): Promise<ControlTotals> {
  const selectSums = (direction: number) => buildSumsQuery(month, direction, contract);
  const [outgoing, incoming] = await Promise.all([
    selectSums(OUTGOING).first<NullableTotals>(),
    selectSums(INCOMING).first<NullableTotals>(),
  ]);
  const by_call_type = selectSums(OUTGOING)
    .groupBy('t.id', 't.code', 't.label')
    .orderBy('t.id')
    .select<ControlTotals['by_call_type']>('t.code as call_type', 't.label');
  const by_contract = selectSums(OUTGOING)
    .groupBy('k.code', 'n.service')
    .orderBy(['k.code', 'n.service'])
    .select<ControlTotals['by_contract']>('k.code as contract', 'n.service');
  return {
    month,
    outgoing: toCallTotals(outgoing),
    incoming: toCallTotals(incoming),
    by_call_type: (await by_call_type).map((row) => ({ ...row, ...toCallTotals(row) })),
    by_contract: (await by_contract).map((row) => ({ ...row, ...toCallTotals(row) })),
  };
}

function buildSumsQuery(month: BillingMonth, direction: number, contract: string | undefined) {
  const sums = db('number_sums as s')
    .join('contracts as k', 'k.id', 's.contract_id')
    .join('phone_numbers as n', 'n.id', 's.phone_number_id')
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.billing_month': month, 's.direction': direction })
    .sum({ calls: 's.calls', duration: 's.duration', charge: 's.charge' });
  return contract === undefined ? sums : sums.where('k.code', contract);
}

/** SUM over no rows is NULL. */
type NullableTotals = Record<keyof CallTotals, number | null>;

const toCallTotals = ({ calls, duration, charge }: NullableTotals): CallTotals => ({
  calls: calls ?? 0,
  duration: duration ?? 0,
  charge: charge ?? 0,
});

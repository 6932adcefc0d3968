import { addToTotals, type CallTotals, createTotals } from '../call/call-totals';
import { OUTGOING } from '../call/new-call';
import { USAGE_ROWS, type UsageRow } from '../call/call-type';
import { db } from '../../lib/database/db';
import { computeIncomingDiscount } from './incoming-discount';
import { listNumbersInMonth, type NumberInMonth } from '../contract/numbers-in-month';
import type { BillingMonth } from '../billing/month';
import type { CallService } from '../contract/service';

/** A month's calls by the rows of the my page: outgoing ones, their total, and the incoming ones of 着割. */
export type CallUsage = Record<UsageRow | 'total' | 'incoming', CallTotals>;

/** The calls of a contract's numbers of one service, in a month. */
export interface UsageScope {
  contractId: number;
  month: BillingMonth;
  service: CallService;
}

export type NumberUsage = NumberInMonth & { usage: CallUsage };

interface SumRow extends CallTotals {
  direction: number;
  usage_row: UsageRow;
}

/** The usage of all numbers of the service. The charge of the incoming calls is the discount, as a negative amount. */
export async function getContractUsage(scope: UsageScope): Promise<CallUsage> {
  const rows = await buildUsageQuery(scope).select<SumRow[]>('s.direction', 't.usage_row');
  return toCallUsage(rows);
}

/** The usage of each number, a page of them. The discount of a contract is that of all its calls, not the sum of these. */
export async function listNumberUsages(
  scope: UsageScope,
  offset: number,
  limit: number,
): Promise<NumberUsage[]> {
  const numbers = await listNumbersInMonth(scope, offset, limit);
  const ids = numbers.map(({ id }) => id);
  const rows = await buildUsageQuery(scope)
    .whereIn('s.phone_number_id', ids)
    .groupBy('s.phone_number_id')
    .select<(SumRow & { phone_number_id: number })[]>('s.direction', 't.usage_row', 's.phone_number_id');
  return numbers.map((number) => ({
    ...number,
    usage: toCallUsage(rows.filter(({ phone_number_id }) => phone_number_id === number.id)),
  }));
}

const buildUsageQuery = ({ contractId, month, service }: UsageScope) =>
  db('number_sums as s')
    .join('phone_numbers as n', 'n.id', 's.phone_number_id')
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.contract_id': contractId, 's.billing_month': month, 'n.service': service })
    .groupBy('s.direction', 't.usage_row')
    .sum({ calls: 's.calls', duration: 's.duration', charge: 's.charge' });

function toCallUsage(rows: SumRow[]): CallUsage {
  const sumRows = (wanted: (row: SumRow) => boolean): CallTotals => {
    const totals = createTotals();
    for (const { calls, duration, charge } of rows.filter(wanted))
      addToTotals(totals, calls, duration, charge);
    return totals;
  };
  const isOutgoing = (row: SumRow) => row.direction === OUTGOING;
  const byRow = USAGE_ROWS.map((name) => [name, sumRows((row) => isOutgoing(row) && row.usage_row === name)]);
  const total = sumRows(isOutgoing);
  const incoming = sumRows((row) => !isOutgoing(row));
  const discount = computeIncomingDiscount(incoming.duration, total.charge);
  return {
    ...(Object.fromEntries(byRow) as Record<UsageRow, CallTotals>),
    total,
    incoming: { ...incoming, charge: 0 - discount },
  };
}

import { type Category, listCallTypes } from './call-type';
import { db } from './db';
import { type BillingMonth, dayStart, TENTHS_OF_HOUR } from './month';

/** A call as the pages show it. Times and durations in 0.1 s, `charge` in 1/100 yen. */
export interface Call {
  phone_number: string;
  started_at: number;
  duration: number;
  other_number: string;
  hyphens: number;
  area: string;
  call_type: string;
  counted: boolean | number;
  charge: number;
}

/** Whose outgoing calls: all of a contract's, or those of one number and category. */
export interface CallSelection {
  contractId: number;
  month: BillingMonth;
  number?: { phoneNumberId: number; category: Category };
}

export interface CallTotals {
  calls: number;
  charge: number;
}

/** How many calls began in a stretch of time (0.1 s since the epoch), in order. */
interface Stretch {
  from: number;
  calls: number;
}

/** The number of calls and their charge, from the sums: as quick for a million calls as for ten. */
export async function totalCalls({ contractId, month, number }: CallSelection): Promise<CallTotals> {
  const sums = db(number ? 'number_sums as s' : 'contract_sums as s')
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.contract_id': contractId, 's.billing_month': month, 's.direction': 0 });
  if (number) sums.where({ 's.phone_number_id': number.phoneNumberId, 't.category': number.category });
  const row = await sums
    .sum({ calls: 's.calls', charge: 's.charge' })
    .first<{ calls: number | null; charge: number | null }>();
  return { calls: row.calls ?? 0, charge: row.charge ?? 0 };
}

/**
 * A page of calls, oldest first. The counts by day (of a number) and by hour (of a contract) tell where the page
 * begins, so that page 100,000 reads no more than page 1.
 */
export async function listCalls(selection: CallSelection, offset: number, limit: number): Promise<Call[]> {
  const start = await startOfPage(selection, offset);
  const { contractId, month, number } = selection;
  const page = db('calls as c')
    .where({ 'c.contract_id': contractId, 'c.billing_month': month, 'c.direction': 0 })
    .where('c.started_at', '>=', start.from)
    .orderBy(['c.started_at', 'c.id'])
    .offset(start.skip)
    .limit(limit);
  if (number)
    page
      .where('c.phone_number_id', number.phoneNumberId)
      .whereIn('c.call_type_id', await typesOf(number.category));
  return page
    .join('call_types as t', 't.id', 'c.call_type_id')
    .join('areas as a', 'a.id', 'c.area_id')
    .join('phone_numbers as n', 'n.id', 'c.phone_number_id')
    .select<Call[]>(
      'n.number as phone_number',
      'c.started_at',
      'c.duration',
      'c.other_number',
      'c.hyphens',
      'a.name as area',
      't.label as call_type',
      't.counted',
      'c.charge',
    );
}

async function typesOf(category: Category): Promise<number[]> {
  const types = await listCallTypes();
  return types.filter((type) => type.category === category).map(({ id }) => id);
}

/** The stretch in which row `offset` lies, and how many rows of it come before. */
async function startOfPage(
  selection: CallSelection,
  offset: number,
): Promise<{ from: number; skip: number }> {
  let skip = offset;
  for (const stretch of await stretchesOf(selection)) {
    if (skip < stretch.calls) return { from: stretch.from, skip };
    skip -= stretch.calls;
  }
  return { from: 0, skip: offset };
}

async function stretchesOf({ contractId, month, number }: CallSelection): Promise<Stretch[]> {
  if (!number) {
    const hours: { hour: number; calls: number }[] = await db('contract_hours')
      .where({ contract_id: contractId, billing_month: month, direction: 0 })
      .orderBy('hour')
      .select('hour', 'calls');
    return hours.map(({ hour, calls }) => ({ from: hour * TENTHS_OF_HOUR, calls }));
  }
  const days: { day: number; calls: number }[] = await db('number_days as s')
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.contract_id': contractId, 's.billing_month': month, 's.direction': 0 })
    .where({ 's.phone_number_id': number.phoneNumberId, 't.category': number.category })
    .groupBy('s.day')
    .orderBy('s.day')
    .select('s.day')
    .sum({ calls: 's.calls' });
  return days.map(({ day, calls }) => ({ from: dayStart(day), calls }));
}

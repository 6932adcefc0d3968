import { OUTGOING } from '../call/new-call';
import { CATEGORIES, type Category } from '../call/call-type';
import { db } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';
import { listNumbersInMonth } from '../contract/numbers-in-month';

/** Charges of outgoing calls in 1/100 yen, from the sums that are kept with the calls. */
export type Charges = Record<Category | 'total', number>;

export interface NumberCharges extends Charges {
  phone_number_id: number;
  /** digits */
  number: string;
}

const createZeroCharges = (): Charges => ({ total: 0, domestic: 0, international: 0, mobile: 0 });

function addCharge(charges: Charges, category: Category, charge: number): void {
  charges[category] += charge;
  charges.total += charge;
}

/** A page of a contract's numbers with their charges in a month, by number. */
export async function listNumberCharges(
  contractId: number,
  month: BillingMonth,
  offset: number,
  limit: number,
): Promise<NumberCharges[]> {
  const numbers = await listNumbersInMonth({ contractId, month }, offset, limit);
  const rows = numbers.map(({ id, number }) => ({ phone_number_id: id, number, ...createZeroCharges() }));
  const sums: { phone_number_id: number; category: Category; charge: number }[] = await db('number_sums as s')
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.contract_id': contractId, 's.billing_month': month, 's.direction': OUTGOING })
    .whereIn(
      's.phone_number_id',
      numbers.map(({ id }) => id),
    )
    .select('s.phone_number_id', 't.category', 's.charge');
  for (const sum of sums) {
    const row = rows.find(({ phone_number_id }) => phone_number_id === sum.phone_number_id);
    if (row) addCharge(row, sum.category, sum.charge);
  }
  return rows;
}

/** Reads a category out of an address. */
export const parseCategory = (text: string | undefined): Category | undefined =>
  CATEGORIES.find((category) => category === text);

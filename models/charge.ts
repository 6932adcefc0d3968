import { CATEGORIES, type Category } from './call-type';
import { db } from './db';
import type { BillingMonth } from './month';
import { listNumbersOfMonth } from './number-of-month';

/** Charges of outgoing calls in 1/100 yen, from the sums that are kept with the calls. */
export type Charges = Record<Category | 'total', number>;

export interface NumberCharges extends Charges {
  phone_number_id: number;
  /** digits */
  number: string;
}

const nothing = (): Charges => ({ total: 0, domestic: 0, international: 0, mobile: 0 });

function add(charges: Charges, category: Category, charge: number): void {
  charges[category] += charge;
  charges.total += charge;
}

/** The charges of each of these months, also of those without calls. */
export async function listMonthCharges(
  contractId: number,
  months: BillingMonth[],
): Promise<({ month: BillingMonth } & Charges)[]> {
  const sums: { billing_month: BillingMonth; category: Category; charge: number }[] = await db(
    'contract_sums as s',
  )
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.contract_id': contractId, 's.direction': 0 })
    .whereIn('s.billing_month', months)
    .select('s.billing_month', 't.category', 's.charge');
  const rows = months.map((month) => ({ month, ...nothing() }));
  for (const sum of sums) {
    const row = rows.find(({ month }) => month === sum.billing_month);
    if (row) add(row, sum.category, sum.charge);
  }
  return rows;
}

/** A page of a contract's numbers with their charges in a month, by number. */
export async function listNumberCharges(
  contractId: number,
  month: BillingMonth,
  offset: number,
  limit: number,
): Promise<NumberCharges[]> {
  const numbers = await listNumbersOfMonth({ contractId, month }, offset, limit);
  const rows = numbers.map(({ id, number }) => ({ phone_number_id: id, number, ...nothing() }));
  const sums: { phone_number_id: number; category: Category; charge: number }[] = await db('number_sums as s')
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.contract_id': contractId, 's.billing_month': month, 's.direction': 0 })
    .whereIn(
      's.phone_number_id',
      numbers.map(({ id }) => id),
    )
    .select('s.phone_number_id', 't.category', 's.charge');
  for (const sum of sums) {
    const row = rows.find(({ phone_number_id }) => phone_number_id === sum.phone_number_id);
    if (row) add(row, sum.category, sum.charge);
  }
  return rows;
}

/** Reads a category out of an address. */
export const parseCategory = (text: string | undefined): Category | undefined =>
  CATEGORIES.find((category) => category === text);

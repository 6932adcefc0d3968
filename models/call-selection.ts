import { OUTGOING } from './call-record';
import { type CallType, listCallTypes } from './call-type';
import { db } from './db';
import type { BillingMonth } from './month';

/** The call types of a column of the charges pages, or of a row of the my page; all of them where it is empty. */
export type CallClass = Partial<Pick<CallType, 'category' | 'usage_row'>>;

/** Whose calls: all of a contract's, or those of one number and class. */
export interface CallSelection {
  contractId: number;
  month: BillingMonth;
  number?: { phoneNumberId: number; types: CallClass };
  /** Without it the outgoing ones. */
  directions?: readonly number[];
}

export const directionsOf = ({ directions = [OUTGOING] }: CallSelection): readonly number[] => directions;

/** The rows `s` of a table of sums with their call types `t`. */
export function sumsOf(selection: CallSelection, table: 'contract_sums' | 'number_sums' | 'number_days') {
  const { contractId, month, number } = selection;
  const sums = db(`${table} as s`)
    .join('call_types as t', 't.id', 's.call_type_id')
    .where({ 's.contract_id': contractId, 's.billing_month': month })
    .whereIn('s.direction', directionsOf(selection));
  if (!number) return sums;
  for (const [column, value] of classesOf(number.types)) sums.where(`t.${column}`, value);
  return sums.where('s.phone_number_id', number.phoneNumberId);
}

const classesOf = (types: CallClass) => Object.entries(types) as [keyof CallClass, string][];

/** The ids of the types of a class. */
export async function callTypeIds(types: CallClass): Promise<number[]> {
  const all = await listCallTypes();
  return all
    .filter((type) => classesOf(types).every(([column, value]) => type[column] === value))
    .map(({ id }) => id);
}

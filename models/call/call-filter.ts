import { OUTGOING } from './new-call';
import type { CallType } from './call-type';
import type { BillingMonth } from '../billing/month';

/** The call types of a column of the charges pages, or of a row of the my page; all of them if it is empty. */
export type CallClass = Partial<Pick<CallType, 'category' | 'usage_row'>>;

/** Whose calls: all of a contract's, or those of one number and class. */
export interface CallSelection {
  contractId: number;
  month: BillingMonth;
  number?: { phoneNumberId: number; types: CallClass };
  /** The outgoing calls by default. */
  directions?: readonly number[];
}

export const getDirections = ({ directions = [OUTGOING] }: CallSelection): readonly number[] => directions;

/** A condition or query of SQL, and what its marks stand for. */
export interface BoundSql {
  sql: string;
  bindings: (number | string)[];
}

/** Which rows of `calls`, or of a table of sums, belong to a selection. */
export function buildSelectionCondition(
  selection: CallSelection,
  directions = getDirections(selection),
): BoundSql {
  const { contractId, month, number } = selection;
  const placeholders = directions.map(() => '?').join(', ');
  const conditions = ['contract_id = ?', 'billing_month = ?', `direction IN (${placeholders})`];
  const bindings: BoundSql['bindings'] = [contractId, month, ...directions];
  if (number) {
    conditions.push('phone_number_id = ?');
    bindings.push(number.phoneNumberId);
    for (const [column, value] of Object.entries(number.types)) {
      conditions.push(`call_type_id IN (SELECT id FROM call_types WHERE ${column} = ?)`);
      bindings.push(value);
    }
  }
  return { sql: conditions.join(' AND '), bindings };
}

import { db } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';

/** Which of these months have calls of the contract. */
export async function findMonthsWithCalls(
  contractId: number,
  months: BillingMonth[],
): Promise<Set<BillingMonth>> {
  const found = await db<{ contract_id: number; billing_month: BillingMonth }>('contract_sums')
    .where({ contract_id: contractId })
    .whereIn('billing_month', months)
    .distinct('billing_month');
  return new Set(found.map((row) => row.billing_month));
}

import { OUTGOING } from '../call/new-call';
import { type Queryable, queryRows } from '../../lib/database/db';
import type { BillingMonth } from '../billing/month';

/** The key of a stored outgoing call, and everything that its charge depends on. */
export interface RatedCall {
  contract_id: number;
  phone_number_id: number;
  started_at: number;
  id: number;
  duration: number;
  other_number: string;
  line_class: number;
  call_type_id: number;
  charge: number;
  rate_id: number | null;
}

const CHUNK = 5000;

/** Reads the outgoing calls of a contract and month along the primary key, some thousand at a time. */
export async function* readRatedCalls(
  on: Queryable,
  contractId: number,
  month: BillingMonth,
): AsyncGenerator<RatedCall[]> {
  let after = [-1, 0, 0];
  for (;;) {
    const calls = await queryRows<RatedCall>(
      on,
      `SELECT contract_id, phone_number_id, started_at, id, duration, other_number, line_class, call_type_id, charge,
        rate_id
      FROM calls WHERE billing_month = ? AND contract_id = ? AND direction = ${OUTGOING}
        AND (phone_number_id, started_at, id) > (?, ?, ?)
      ORDER BY phone_number_id, started_at, id LIMIT ${CHUNK}`,
      [month, contractId, ...after],
    );
    const last = calls.at(-1);
    if (!last) return;
    yield calls;
    after = [last.phone_number_id, last.started_at, last.id];
  }
}

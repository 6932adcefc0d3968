import { OUTGOING } from '../../call/new-call';
import { queryRows, type Queryable } from '../../../lib/database/db';
import type { BillingMonth } from '../../billing/month';
import { buildMonthBindings, NUMBER_IDS_IN_MONTH } from '../../contract/numbers-in-month';
import { formatPhoneNumber } from '../../phone-number/phone-number-format';
import { UnwritableLineError } from './line-writer';

const MAX_BYTES = 13;

/** A telephone number of a file, in the file's order. */
export interface FileNumber {
  id: number;
  /** 050-1234-5678 */
  cell: string;
  /** How many outgoing calls the sums have for the month. */
  calls: number;
}

/**
 * Lists the 050 numbers of the contract in the month, ordered by their digits. Numbers
 * of other services are not in the files, because mobile calls become visible later than these.
 */
export async function listFileNumbers(
  snapshot: Queryable,
  contractId: number,
  month: BillingMonth,
): Promise<FileNumber[]> {
  const rows = await queryRows<{ id: number; number: string; calls: number }>(
    snapshot,
    `SELECT n.id, n.number, coalesce(sum(s.calls), 0) AS calls
    FROM phone_numbers n
    LEFT JOIN number_sums s ON s.contract_id = :contractId AND s.billing_month = :month
      AND s.phone_number_id = n.id AND s.direction = ${OUTGOING}
    WHERE n.service = 'ip050' AND n.id IN (${NUMBER_IDS_IN_MONTH})
    GROUP BY n.id, n.number`,
    buildMonthBindings({ contractId, month }),
  );
  // The database would sort texts by its locale.
  rows.sort((a, b) => (a.number < b.number ? -1 : 1));
  return rows.map(({ id, number, calls }) => ({ id, cell: toNumberCell(number), calls }));
}

function toNumberCell(number: string): string {
  const cell = formatPhoneNumber(number);
  if (cell.length > MAX_BYTES)
    throw new UnwritableLineError(`a telephone number has ${cell.length} bytes, ${MAX_BYTES} fit`, 'unknown');
  return cell;
}

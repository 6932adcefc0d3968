import { db, queryRows } from '../../lib/database/db';
import { now } from '../../lib/values/clock';
import { toJstDay } from '../../lib/values/jst';
import type { CallService } from './service';

export type NumberKind = 'contract' | 'free_call';

/** A row of the table `phone_numbers`. */
export interface PhoneNumber {
  id: number;
  /** Digits. */
  number: string;
  kind: NumberKind;
  /** What its calls are of; `ip050` where nobody says otherwise. */
  service: CallService;
}

/** A number with the contract that holds it. */
export type HeldNumber = PhoneNumber & { contract_id: number };

/** The numbers that a contract holds today: of a number only one period has this day. */
const HELD_NUMBERS = `
  number_periods p JOIN phone_numbers n ON n.id = p.phone_number_id
  WHERE p.contract_id = :contractId AND p.first_day <= :today AND p.last_day >= :today AND n.kind = :kind`;

const buildBindings = (contractId: number, kind: NumberKind) => ({
  contractId,
  kind,
  today: toJstDay(now() / 100),
});

/** A page of the numbers that the contract holds today, by number. */
export const listPhoneNumbers = (
  contractId: number,
  kind: NumberKind,
  offset: number,
  limit: number,
): Promise<HeldNumber[]> =>
  queryRows(
    db,
    `SELECT n.*, p.contract_id FROM ${HELD_NUMBERS} ORDER BY n.number LIMIT :limit OFFSET :offset`,
    { ...buildBindings(contractId, kind), limit, offset },
  );

export async function countPhoneNumbers(contractId: number, kind: NumberKind): Promise<number> {
  const [row] = await queryRows<{ numbers: number }>(
    db,
    `SELECT count(*) AS numbers FROM ${HELD_NUMBERS}`,
    buildBindings(contractId, kind),
  );
  return row?.numbers ?? 0;
}

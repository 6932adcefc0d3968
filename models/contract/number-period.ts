import { db, type Queryable } from '../../lib/database/db';
import { formatDay } from '../../lib/values/jst';

/** A row of the table `number_periods`: who holds a number from a day to a day. */
export interface NumberPeriod extends DayPeriod {
  phone_number_id: number;
  contract_id: number;
}

/** Days of Japan as toJstDay() counts them, both included. */
export interface DayPeriod {
  first_day: number;
  last_day: number;
}

/** The last day of a period without an end: 9999-12-31. */
export const LAST_DAY = 2_932_896;

export const doOverlap = (one: DayPeriod, other: DayPeriod): boolean =>
  one.first_day <= other.last_day && other.first_day <= one.last_day;

/** A contract cannot start on that day: a number of it was another's then, or has left before. */
export class StartDateError extends Error {}

/** Whether an error says that periods would overlap or end before they begin. */
const isPeriodError = (error: unknown): boolean =>
  /periods of one \w+ overlap|(number_periods|number_aliases)_days/.test(
    (error as { message?: string }).message ?? '',
  );

/**
 * Lets the periods of a contract that begin on one day begin on another, and those of their aliases with them.
 *
 * @throws StartDateError if a period would overlap another's or end before it begins
 */
export async function movePeriodStarts(
  contractId: number,
  from: number,
  to: number,
  on: Queryable = db,
): Promise<void> {
  try {
    await on.transaction(async (trx) => {
      const moved = trx('number_periods').where({ contract_id: contractId, first_day: to });
      await trx('number_periods')
        .where({ contract_id: contractId, first_day: from })
        .update({ first_day: to });
      await trx('number_aliases')
        .where({ first_day: from })
        .whereIn('phone_number_id', moved.select('phone_number_id'))
        .update({ first_day: to });
    });
  } catch (error) {
    if (!isPeriodError(error)) throw error;
    throw new StartDateError(await explainFailedMove(contractId, from, to, on));
  }
}

/** Names a number that stands in the way. */
async function explainFailedMove(
  contractId: number,
  from: number,
  to: number,
  on: Queryable,
): Promise<string> {
  const numbers = on('number_periods as p')
    .join('phone_numbers as n', 'n.id', 'p.phone_number_id')
    .where({ 'p.contract_id': contractId, 'p.first_day': from })
    .orderBy('n.number');
  const ended = await numbers
    .clone()
    .where('p.last_day', '<', to)
    .first<{ number: string; last_day: number } | undefined>('n.number', 'p.last_day');
  if (ended) return `${ended.number} was held until ${formatDay(ended.last_day)} only`;
  const taken = await numbers
    .clone()
    .join('number_periods as o', 'o.phone_number_id', 'p.phone_number_id')
    .where('o.first_day', '<', from)
    .where('o.last_day', '>=', to)
    .first<{ number: string; last_day: number } | undefined>('n.number', 'o.last_day');
  if (taken) return `${taken.number} was held by another contract until ${formatDay(taken.last_day)}`;
  return 'an alias of its numbers means another number on that day, or ended before';
}

import { type CallSelection, directionsOf, sumsOf } from './call-selection';
import { db } from './db';
import { dayStart, TENTHS_OF_HOUR } from './month';

/** Where a page of calls is read from: a time (0.1 s since the epoch), and how many calls since then to pass over. */
export interface PageStart {
  from: number;
  skip: number;
}

/** How many calls began in a stretch of time (0.1 s since the epoch), in order. */
interface Stretch {
  from: number;
  calls: number;
}

/** The stretch in which call `offset` lies, and how many calls of it come before. */
export async function startOfPage(selection: CallSelection, offset: number): Promise<PageStart> {
  let skip = offset;
  for (const stretch of await (selection.number ? daysOf(selection) : hoursOf(selection))) {
    if (skip < stretch.calls) return { from: stretch.from, skip };
    skip -= stretch.calls;
  }
  return { from: 0, skip: offset };
}

async function hoursOf(selection: CallSelection): Promise<Stretch[]> {
  const hours: { hour: number; calls: number }[] = await db('contract_hours')
    .where({ contract_id: selection.contractId, billing_month: selection.month })
    .whereIn('direction', directionsOf(selection))
    .groupBy('hour')
    .orderBy('hour')
    .select('hour')
    .sum({ calls: 'calls' });
  return hours.map(({ hour, calls }) => ({ from: hour * TENTHS_OF_HOUR, calls }));
}

async function daysOf(selection: CallSelection): Promise<Stretch[]> {
  const days: { day: number; calls: number }[] = await sumsOf(selection, 'number_days')
    .groupBy('s.day')
    .orderBy('s.day')
    .select('s.day')
    .sum({ calls: 's.calls' });
  return days.map(({ day, calls }) => ({ from: dayStart(day), calls }));
}

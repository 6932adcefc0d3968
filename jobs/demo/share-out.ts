import type { SeededRandom } from './seeded-random';

export interface SharedCall {
  /** 0.1 s */
  duration: number;
  /** Units begun. */
  units: number;
}

export interface GroupTotals {
  calls: number;
  /** Units begun by all calls together. */
  units: number;
  /** Length of one unit, in 0.1 s. */
  unit: number;
  /** Sum of all calls, in 0.1 s; it must fit the units. */
  duration: number;
}

/** Calls of various lengths whose units begun and durations add up exactly. */
export function shareOut(whole: GroupTotals, random: SeededRandom): SharedCall[] {
  const shared = shareUnits(whole, random).map((units) => ({
    units,
    duration: (units - 1) * whole.unit + 1,
  }));
  let left = whole.duration - shared.reduce((sum, { duration }) => sum + duration, 0);
  const room = whole.unit - 1;
  if (left < 0 || left > room * whole.calls) throw new Error('These durations do not fit the units');
  shared.forEach((call, index) => {
    // This call takes at least what the later calls cannot take, and no more than is left.
    const callsAfter = whole.calls - index - 1;
    const even = Math.round((left / (callsAfter + 1)) * (0.2 + 1.6 * random.next()));
    const part = Math.max(left - room * callsAfter, Math.min(even, room, left), 0);
    call.duration += part;
    left -= part;
  });
  return shared;
}

function shareUnits({ calls, units }: GroupTotals, random: SeededRandom): number[] {
  const shares = Array.from({ length: calls }, () => 1);
  for (let rest = units - calls; rest > 0; rest -= 1) {
    const index = random.pickBetween(0, calls - 1);
    shares[index] = (shares[index] ?? 0) + 1;
  }
  return shares;
}

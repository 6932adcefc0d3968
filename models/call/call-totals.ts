/** Totals of calls: `duration` in 0.1 s, `charge` in 1/100 yen without tax. */
export interface CallTotals {
  calls: number;
  duration: number;
  charge: number;
}

export const createTotals = (): CallTotals => ({ calls: 0, duration: 0, charge: 0 });

/** Adds calls to totals. It takes plain numbers because an import comes here with every call. */
export function addToTotals(totals: CallTotals, calls: number, duration: number, charge: number): void {
  totals.calls += calls;
  totals.duration += duration;
  totals.charge += charge;
}

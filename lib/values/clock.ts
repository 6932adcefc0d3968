import { config } from '../../config';

/** What the clock is ahead of the real one, in milliseconds: MEISAI_NOW makes it start elsewhere and run on. */
let offsetMs = config.MEISAI_NOW === undefined ? 0 : Date.parse(config.MEISAI_NOW) - Date.now();

/** Milliseconds since the epoch. The one clock of all rules; timers and Redis have the real one. */
export const now = (): number => Date.now() + offsetMs;

/** Moves the clock forward, for tests: past 5 minutes, 30 minutes, 48 hours. */
export function moveClock(milliseconds: number): void {
  offsetMs += milliseconds;
}

/** The time now as a value of MEISAI_NOW, so that a child process goes on with this clock; none where it is real. */
export const getClockSetting = (): string | undefined =>
  config.MEISAI_NOW === undefined ? undefined : new Date(now()).toISOString();

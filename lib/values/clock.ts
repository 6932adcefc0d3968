import { config } from '../../config';

/** Offset from the system clock in milliseconds. MEISAI_NOW makes the clock start at another time and run on. */
let offsetMs = config.MEISAI_NOW === undefined ? 0 : Date.parse(config.MEISAI_NOW) - Date.now();

/** Milliseconds since the epoch by the clock of all rules; timers and Redis use the system clock. */
export const now = (): number => Date.now() + offsetMs;

/** Moves the clock forward, for tests: past 5 minutes, 30 minutes, 48 hours. */
export function moveClock(milliseconds: number): void {
  offsetMs += milliseconds;
}

/** The current time as a value of MEISAI_NOW, so that a child process continues this clock; undefined if it is real. */
export const getClockSetting = (): string | undefined =>
  config.MEISAI_NOW === undefined ? undefined : new Date(now()).toISOString();

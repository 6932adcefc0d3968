import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { measureSeconds } from '../kit/turns';
import type { FaultContext } from './fault-context';
import { type FaultResult, MissingForFault, tryFault } from './fault-table';

const HOUR_S = 3600;
const DAY_MS = 86_400_000;
/** The library looks at its file once a second. */
const NOTICED_MS = 1500;

/** The clock of all of the portal's programs steps back an hour, while their timers go on. */
export async function breakClock(context: FaultContext): Promise<FaultResult[]> {
  const clock = new SteppingClock(path.join(context.folder, 'clock-offset'));
  const portal = await context.open('clock', { settings: clock.settings });
  const tries = context.countTries(0.25);
  return [
    await tryFault(portal, 'clock stepped back an hour in mid-file', tries, async () => {
      await portal.untilMidFile();
      await clock.stepBack(HOUR_S);
      const pressed = portal.fees.pressMeanwhile();
      return measureSeconds(async () => {
        await pressed;
        await portal.untilRecovered(portal.calls, portal.fees);
      });
    }),
    await tryFault(
      portal,
      'clock stepped back an hour, then the worker killed (SIGKILL) in mid-file',
      tries,
      async () => {
        await clock.stepBack(HOUR_S);
        await portal.untilMidFile();
        process.kill(await portal.getWorkerPid(), 'SIGKILL');
        return measureSeconds(() => portal.untilRecovered(portal.calls));
      },
    ),
  ];
}

/** A clock for other programs, by libfaketime: a file has its distance from the real one. */
class SteppingClock {
  /** Keeps every step within one month, because pages show data by month. */
  private offset = Math.round((getFifteenth(Date.now()) - Date.now()) / 1000);

  constructor(private readonly file: string) {
    this.write();
  }

  /** @throws MissingForFault */
  get settings(): NodeJS.ProcessEnv {
    // Debian's Redis takes its memory from jemalloc, which asks for the time before the clock is there: so glibc's first.
    const libraries = ['libc_malloc_debug.so.0', 'faketime/libfaketimeMT.so.1'].map(findLibrary);
    return {
      LD_PRELOAD: libraries.join(':'),
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DISABLE_SHM: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Waits until every program has noticed. */
  async stepBack(seconds: number): Promise<void> {
    this.offset -= seconds;
    this.write();
    await delay(NOTICED_MS);
  }

  private write(): void {
    writeFileSync(this.file, `${this.offset < 0 ? '' : '+'}${this.offset}\n`);
  }
}

const getFifteenth = (now: number): number => now + (15 - new Date(now).getUTCDate()) * DAY_MS;

function findLibrary(name: string): string {
  const folders = ['/usr/lib', '/lib'].filter((folder) => existsSync(folder));
  const found = folders
    .flatMap((folder) => readdirSync(folder).map((below) => path.join(folder, below, name)))
    .find((file) => existsSync(file));
  if (found) return found;
  throw new MissingForFault(`${path.basename(name)} is not installed (Debian: apt-get install libfaketime)`);
}

import { log } from '../log';
import { makeCallPartitionsAhead } from '../models/call/partition';
import { forgetOldCodes } from '../models/verification/delivery';
import { forgetExpiredDevices } from '../models/sign-in/trusted-device';
import { purgeDetailFiles, removeOrphanedFiles } from '../models/detail-file/retention';
import { unfinishedDetailFiles, waitingDetailFiles } from '../models/detail-file/run';
import { enqueueDetailFile, undoDetailFileClockStep } from './detail-files/queue';

type Duties = Record<string, () => Promise<unknown>>;

const enqueueAll = async (list: () => Promise<number[]>): Promise<void> => {
  for (const id of await list()) await enqueueDetailFile(id);
};

/** For customers who wait: what the rows know, and the queue may have lost or never been told. */
const FREQUENT_MS = 5000;
const frequent: Duties = {
  enqueueWaiting: () => enqueueAll(waitingDetailFiles),
  undoDetailFileClockStep,
};

const SELDOM_MS = 30_000;
const seldom: Duties = {
  enqueueUnfinished: () => enqueueAll(unfinishedDetailFiles),
  purgeDetailFiles,
  makeCallPartitionsAhead,
  forgetOldCodes,
  forgetExpiredDevices,
};

/** Nothing is an orphan before it is an hour old, and a listing of the store costs money where that is S3. */
const RARE_MS = 600_000;
const rare: Duties = { removeOrphanedFiles };

/** A duty that fails is logged and comes again. */
async function see(duties: Duties): Promise<void> {
  for (const [duty, run] of Object.entries(duties)) {
    try {
      await run();
    } catch (error) {
      log.error({ err: error, duty }, 'the sweep of detail files failed');
    }
  }
}

export interface Sweep {
  /** Sweeps at once, beside the usual times. */
  now: () => void;
  stop: () => Promise<void>;
}

/** Sees to the rows and files that nobody else sees to, now and from time to time. */
export function startSweep(): Sweep {
  const rounds = [
    startRounds(frequent, FREQUENT_MS),
    startRounds(seldom, SELDOM_MS),
    startRounds(rare, RARE_MS),
  ];
  return {
    now: () => rounds.forEach((round) => round.now()),
    async stop() {
      await Promise.all(rounds.map((round) => round.stop()));
    },
  };
}

/** One round after the other: while one takes its time, no more than one waits. */
function startRounds(duties: Duties, period: number): Sweep {
  let round = see(duties);
  let isNextWaiting = false;
  const now = () => {
    if (isNextWaiting) return;
    isNextWaiting = true;
    round = round.then(() => {
      isNextWaiting = false;
      return see(duties);
    });
  };
  const timer = setInterval(now, period);
  return {
    now,
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

import { log } from '../log';
import { ensureUpcomingCallPartitions } from '../models/call/partition';
import { deleteOldCodes } from '../models/verification/delivery';
import { deleteExpiredDevices } from '../models/sign-in/trusted-device';
import { deleteExpiredDetailFiles, removeOrphanedFiles } from '../models/detail-file/retention';
import { listUnfinishedDetailFiles, listWaitingDetailFiles } from '../models/detail-file/run';
import { enqueueBuildOrThrow, undoDetailFileClockStep } from './detail-files/queue';

type Tasks = Record<string, () => Promise<unknown>>;

const enqueueAll = async (list: () => Promise<number[]>): Promise<void> => {
  for (const id of await list()) await enqueueBuildOrThrow(id);
};

/** For customers who wait: what the rows know, and the queue may have lost or never been told. */
const FIVE_SECONDS_MS = 5000;
const everyFiveSeconds: Tasks = {
  enqueueWaiting: () => enqueueAll(listWaitingDetailFiles),
  undoDetailFileClockStep,
};

const HALF_MINUTE_MS = 30_000;
const everyHalfMinute: Tasks = {
  enqueueUnfinished: () => enqueueAll(listUnfinishedDetailFiles),
  purgeDetailFiles: deleteExpiredDetailFiles,
  makeCallPartitionsAhead: ensureUpcomingCallPartitions,
  forgetOldCodes: deleteOldCodes,
  forgetExpiredDevices: deleteExpiredDevices,
};

/** Nothing is an orphan before it is an hour old, and a listing of the store costs money where that is S3. */
const TEN_MINUTES_MS = 600_000;
const everyTenMinutes: Tasks = { removeOrphanedFiles };

/** A duty that fails is logged and comes again. */
async function runTasks(tasks: Tasks): Promise<void> {
  for (const [task, run] of Object.entries(tasks)) {
    try {
      await run();
    } catch (error) {
      log.error({ err: error, duty: task }, 'the sweep of detail files failed');
    }
  }
}

export interface Housekeeping {
  /** Sweeps at once, beside the usual times. */
  runNow: () => void;
  stop: () => Promise<void>;
}

/** Sees to the rows and files that nobody else sees to, now and from time to time. */
export function startHousekeeping(): Housekeeping {
  const rounds = [
    startRounds(everyFiveSeconds, FIVE_SECONDS_MS),
    startRounds(everyHalfMinute, HALF_MINUTE_MS),
    startRounds(everyTenMinutes, TEN_MINUTES_MS),
  ];
  return {
    runNow: () => rounds.forEach((round) => round.runNow()),
    async stop() {
      await Promise.all(rounds.map((round) => round.stop()));
    },
  };
}

/** One round after the other: while one takes its time, no more than one waits. */
function startRounds(tasks: Tasks, period: number): Housekeeping {
  let round = runTasks(tasks);
  let isNextWaiting = false;
  const runNow = () => {
    if (isNextWaiting) return;
    isNextWaiting = true;
    round = round.then(() => {
      isNextWaiting = false;
      return runTasks(tasks);
    });
  };
  const timer = setInterval(runNow, period);
  return {
    runNow,
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

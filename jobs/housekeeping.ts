import { warnOfFullRedis } from '../lib/redis/memory';
import { getRedis } from '../lib/redis/redis';
import { log } from '../log';
import { ensureUpcomingCallPartitions } from '../models/call/partition';
import { listUnfinishedDetailFiles, listWaitingDetailFiles } from '../models/detail-file/claim';
import { deleteExpiredDetailFiles, removeOrphanedFiles } from '../models/detail-file/retention';
import { deleteExpiredDevices } from '../models/sign-in/trusted-device';
import { deleteOldCodes } from '../models/verification/delivery';
import { enqueueBuildOrThrow, undoDetailFileClockStep } from './detail-files/queue';

type Task = () => Promise<unknown>;
type Tasks = Record<string, Task>;

const FIVE_SECONDS_MS = 5000;
/** A customer waits for these. The rows know what the queue may have lost or never been told. */
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
  warnOfFullRedis,
  forgetExpiredDevices: deleteExpiredDevices,
};

const TEN_MINUTES_MS = 600_000;
/** A file is an orphan only after an hour, and listing the store costs money on S3. */
const everyTenMinutes: Tasks = { removeOrphanedFiles };

async function enqueueAll(list: () => Promise<number[]>): Promise<void> {
  for (const id of await list()) await enqueueBuildOrThrow(id);
}

/** Runs tasks one after the other. One that fails is logged and runs again next time. */
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
  stop(): Promise<void>;
}

/** Repairs and clears up rows and files that nobody else takes care of, now and from time to time. */
export function startHousekeeping(): Housekeeping {
  const rounds = [
    startRounds(everyFiveSeconds, FIVE_SECONDS_MS),
    startRounds(everyHalfMinute, HALF_MINUTE_MS),
    startRounds(everyTenMinutes, TEN_MINUTES_MS),
  ];
  const runAll = () => rounds.forEach((round) => round.runNow());
  // A Redis that has come back may have lost its jobs. BullMQ's own connections do not tell.
  getRedis().on('ready', runAll);
  return {
    async stop() {
      getRedis().off('ready', runAll);
      await Promise.all(rounds.map((round) => round.stop()));
    },
  };
}

interface Rounds extends Housekeeping {
  /** Runs the tasks at once, beside the usual times. */
  runNow(): void;
}

/** Runs one round after the other: while one takes its time, no more than one waits. */
function startRounds(tasks: Tasks, period: number): Rounds {
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

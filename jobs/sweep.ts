import { log } from '../log';
import { makeCallPartitionsAhead } from '../models/call-partition';
import { purgeDetailFiles, removeOrphanedFiles } from '../models/detail-file/keep';
import { unfinishedDetailFiles } from '../models/detail-file/run';
import { enqueueDetailFile } from './queue';

const PERIOD_MS = 30_000;

/** What the row knows and the queue may have lost: adds unfinished files to the queue again. */
async function enqueueUnfinished(): Promise<void> {
  for (const id of await unfinishedDetailFiles()) await enqueueDetailFile(id);
}

const duties = { enqueueUnfinished, purgeDetailFiles, removeOrphanedFiles, makeCallPartitionsAhead };

/** Sees to the rows and files that nobody else sees to. A duty that fails is logged and comes again. */
export async function sweepDetailFiles(): Promise<void> {
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

/** Sweeps now and from time to time. */
export function startSweep(): Sweep {
  let running = sweepDetailFiles();
  const now = () => {
    running = running.then(sweepDetailFiles);
  };
  const timer = setInterval(now, PERIOD_MS);
  return {
    now,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

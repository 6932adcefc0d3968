import { log } from '../log';
import { purgeDetailFiles, removeOrphanedFiles } from '../models/detail-file/keep';
import { unfinishedDetailFiles } from '../models/detail-file/run';
import { enqueueDetailFile } from './queue';

const PERIOD_MS = 30_000;

/** What the row knows and the queue may have lost: adds unfinished files to the queue again. */
async function enqueueUnfinished(): Promise<void> {
  for (const id of await unfinishedDetailFiles()) await enqueueDetailFile(id);
}

const duties = { enqueueUnfinished, purgeDetailFiles, removeOrphanedFiles };

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

/** Sweeps now and from time to time. The function it returns ends that. */
export function startSweep(): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const sweep = async () => {
    await sweepDetailFiles();
    if (!isOver) timer = setTimeout(() => (running = sweep()), PERIOD_MS);
  };
  let running = sweep();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await running;
  };
}

import { closeDetailFileQueue } from '../../jobs/detail-files/queue';
import { startDetailFileWorker } from '../../jobs/detail-files/worker';
import { startHousekeeping } from '../../jobs/housekeeping';
import { startCodeWorker } from '../../jobs/verification-codes/worker';
import { closeDatabase } from '../../lib/database/db';
import { fileStore } from '../../lib/files/file-store';
import { onStopSignal } from '../../lib/shutdown';
import { closeRedis } from '../../lib/redis/redis';
import { log } from '../../log';

export interface Workers {
  /** Lets running files finish for 8 s, then gives them back to be built by another process. */
  close(): Promise<void>;
}

/** Starts all background work of a process: detail files, verification codes and housekeeping. */
export function startWorkers(): Workers {
  const fileWorker = startDetailFileWorker();
  const codeWorker = startCodeWorker();
  const housekeeping = startHousekeeping();
  return {
    async close() {
      await Promise.all([fileWorker.close(), codeWorker.close(), housekeeping.stop()]);
    },
  };
}

/** The main program of `meisai worker`. */
export function runWorkerProcess(): void {
  // Without the store codes are sent all the same, and files are built when it is back.
  fileStore.check().catch((error: unknown) => log.error({ err: error }, 'the file store cannot be used'));
  const workers = startWorkers();
  onStopSignal(async () => {
    await workers.close();
    await Promise.all([closeDetailFileQueue(), closeRedis(), closeDatabase()]);
  });
}

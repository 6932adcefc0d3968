import { type DetailFileWorker, startDetailFileWorker } from '../../jobs/detail-files/worker';
import { startHousekeeping } from '../../jobs/housekeeping';

/** Starts a worker of detail files with the housekeeping that a worker process has beside it. */
export function startFileWorker(): DetailFileWorker {
  const worker = startDetailFileWorker();
  const housekeeping = startHousekeeping();
  return {
    async close(timeoutMs) {
      await Promise.all([worker.close(timeoutMs), housekeeping.stop()]);
    },
  };
}

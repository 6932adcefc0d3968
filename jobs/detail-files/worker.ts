import { type Job, UnrecoverableError, WaitingError, type Worker } from 'bullmq';
import { log } from '../../log';
import { db } from '../../lib/database/db';
import { UnwritableLineError } from '../../models/detail-file/content/lines';
import { failDetailFile } from '../../models/detail-file/run';
import type { Progress } from '../../models/detail-file/write';
import { fileStore } from '../../lib/files/file-store';
import { closeRedis, getRedis } from '../../lib/redis/redis';
import { buildDetailFile } from '../../models/detail-file/build';
import { startCodeWorker } from '../verification-codes/worker';
import { toDetailFileFailure } from './failure-reason';
import { closeDetailFileQueue, DETAIL_FILE_LOCK_MS, DETAIL_FILE_QUEUES, type DetailFileJob } from './queue';
import { QueueWorker } from '../queue/queue-worker';
import { onStopSignal } from '../../lib/shutdown';
import { startHousekeeping } from '../housekeeping';

export interface DetailFileWorker {
  /** Lets a running file finish, but for no more than this time; then it goes back to be made by another. */
  close(timeoutMs?: number): Promise<void>;
}

const TIMEOUT_MS = 8000;
const PROGRESS_PERIOD_MS = 300;

/**
 * Makes detail files, one small and one large at a time. Lost connections are opened again for as long as it takes.
 */
export function startDetailFileWorker(): DetailFileWorker {
  const stopping = new AbortController();
  const workers = Object.values(DETAIL_FILE_QUEUES).map((queue) => createWorker(queue, stopping.signal));
  const housekeeping = startHousekeeping();
  // A Redis that has come back may have lost its jobs. BullMQ's own connections do not tell.
  getRedis().on('ready', housekeeping.runNow);
  return {
    async close(timeoutMs = TIMEOUT_MS) {
      getRedis().off('ready', housekeeping.runNow);
      const abortTimer = setTimeout(() => stopping.abort(), timeoutMs);
      await Promise.all([...workers.map((worker) => worker.close()), housekeeping.stop()]);
      clearTimeout(abortTimer);
    },
  };
}

function createWorker(queue: string, stopping: AbortSignal): Worker<DetailFileJob> {
  const worker = new QueueWorker<DetailFileJob>(
    queue,
    (job, token) => processDetailFile(job, token, stopping),
    {
      concurrency: 1,
      // A killed worker's file is taken up by another as soon as its lock has ended.
      lockDuration: DETAIL_FILE_LOCK_MS,
      stalledInterval: 1000,
      maxStalledCount: 1000,
    },
  );
  worker.on('failed', (job, error) => log.error({ err: error, id: job?.data.id }, 'detail file failed'));
  worker.on('stalled', (id) => log.warn({ id }, 'detail file taken up again'));
  return worker;
}

async function processDetailFile(
  job: Job<DetailFileJob>,
  token: string | undefined,
  stopping: AbortSignal,
): Promise<void> {
  const { id } = job.data;
  try {
    await buildDetailFile(id, createProgress(job), stopping);
  } catch (error) {
    if (stopping.aborted) {
      // To wait again is no failed attempt.
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    if (!isLast && !(error instanceof UnwritableLineError)) throw error;
    log.error({ err: error, id }, 'detail file cannot be made');
    await failDetailFile(id, toDetailFileFailure(error));
    throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
  }
}

/** Tells the page how far a file is, from time to time. */
function createProgress(job: Job<DetailFileJob>): Progress {
  let lastUpdate = 0;
  return (done, total) => {
    if (Date.now() - lastUpdate < PROGRESS_PERIOD_MS) return;
    lastUpdate = Date.now();
    job.updateProgress({ done, total }).catch(() => undefined);
  };
}

/** The main program of a worker process. */
export function runWorker(): void {
  // Codes have to be sent all the same, and files are made when it is back.
  fileStore.check().catch((error: unknown) => log.error({ err: error }, 'the file store cannot be used'));
  const worker = startDetailFileWorker();
  const codeWorker = startCodeWorker();
  onStopSignal(async () => {
    await Promise.all([worker.close(), codeWorker.close()]);
    await Promise.all([closeDetailFileQueue(), closeRedis(), db.destroy()]);
  });
}

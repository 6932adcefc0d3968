import { type Job, UnrecoverableError, WaitingError, type Worker } from 'bullmq';
import { isDiskFull, isUnavailable } from '../../lib/outage';
import { log } from '../../log';
import { buildDetailFile, type Progress } from '../../models/detail-file/build';
import { failDetailFile } from '../../models/detail-file/claim';
import { UnwritableLineError } from '../../models/detail-file/content/line-writer';
import type { DetailFileFailure } from '../../models/detail-file/detail-file';
import { QueueWorker } from '../queue/queue-worker';
import {
  DETAIL_FILE_LOCK_MS,
  DETAIL_FILE_QUEUES,
  type DetailFileJob,
  type DetailFileProgress,
} from './queue';

export interface DetailFileWorker {
  /** Lets a running file finish within this time; after that the file goes back, to be built by another worker. */
  close(timeoutMs?: number): Promise<void>;
}

const TIMEOUT_MS = 8000;
const PROGRESS_PERIOD_MS = 300;

/** Builds detail files, one small and one large at a time. Lost connections are reopened for as long as it takes. */
export function startDetailFileWorker(): DetailFileWorker {
  const stopping = new AbortController();
  const workers = Object.values(DETAIL_FILE_QUEUES).map((queue) => createWorker(queue, stopping.signal));
  return {
    async close(timeoutMs = TIMEOUT_MS) {
      const abortTimer = setTimeout(() => stopping.abort(), timeoutMs);
      await Promise.all(workers.map((worker) => worker.close()));
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
      // A killed worker's file is taken over as soon as its lock has ended.
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
      // Moving back to wait does not use up an attempt.
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

/** Notes at the job how far its file is, every 0.3 s at most. */
function createProgress(job: Job<DetailFileJob>): Progress {
  let lastUpdate = 0;
  return (done, total) => {
    if (Date.now() - lastUpdate < PROGRESS_PERIOD_MS) return;
    lastUpdate = Date.now();
    job.updateProgress({ done, total } satisfies DetailFileProgress).catch(() => undefined);
  };
}

/** Tells the page why there is no file. */
function toDetailFileFailure(error: unknown): DetailFileFailure {
  if (error instanceof UnwritableLineError) return error.failure;
  if (isDiskFull(error)) return 'disk_full';
  return isUnavailable(error) ? 'unavailable' : 'unknown';
}

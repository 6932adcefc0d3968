import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import { log } from '../../log';
import { isLargeDetailFile } from '../../models/detail-file/detail-file';
import { undoClockStep } from '../queue/clock-step';
import { closeQueue, getMaxDelay, openQueue } from '../queue/open-queue';

/** Two, so that small files need not wait for large ones: a worker makes one of each at a time. */
export const DETAIL_FILE_QUEUES = { small: 'detail-files', large: 'large-detail-files' } as const;
type DetailFileSize = keyof typeof DETAIL_FILE_QUEUES;

export interface DetailFileJob {
  id: number;
}

/** Rows that have been written, of so many. */
export interface DetailFileProgress {
  done: number;
  total: number;
}

/** A worker that has not renewed its lock for so long is dead, and its file is for another. */
export const DETAIL_FILE_LOCK_MS = 3000;
const ATTEMPTS = 5;
const MAX_WAIT_MS = 1000;
const queues = new Map<DetailFileSize, Queue<DetailFileJob>>();

async function getQueueForFile(id: number): Promise<Queue<DetailFileJob>> {
  return getQueueForSize((await isLargeDetailFile(id)) ? 'large' : 'small');
}

function getQueueForSize(size: DetailFileSize): Queue<DetailFileJob> {
  const queue = queues.get(size) ?? openQueue<DetailFileJob>(DETAIL_FILE_QUEUES[size], ATTEMPTS);
  queues.set(size, queue);
  return queue;
}

const toJobId = (id: number): string => `detail-file-${id}`;

/** Adds the job of a file; where it waits or runs already, nothing happens. */
export async function enqueueBuildOrThrow(id: number): Promise<void> {
  const queue = await getQueueForFile(id);
  await queue.add('build', { id }, { jobId: toJobId(id) });
}

/** For the sweep: no file waits for a time of day that has been set back. */
export async function undoDetailFileClockStep(): Promise<void> {
  for (const size of ['small', 'large'] as const)
    await undoClockStep(getQueueForSize(size), { lock: DETAIL_FILE_LOCK_MS, delay: getMaxDelay(ATTEMPTS) });
}

/** Tells a worker of a new request. Where Redis is away, the sweep takes the row up later: this never fails or waits long. */
export async function enqueueBuild(id: number): Promise<void> {
  await waitBriefly(enqueueBuildOrThrow(id));
}

/** How far a file is; undefined where nobody knows. */
export async function getDetailFileProgress(id: number): Promise<DetailFileProgress | undefined> {
  const job = (await waitBriefly(getQueueForFile(id).then((queue) => queue.getJob(toJobId(id))))) as
    Job<DetailFileJob> | undefined;
  return typeof job?.progress === 'object' ? (job.progress as DetailFileProgress) : undefined;
}

async function waitBriefly<Result>(work: Promise<Result>): Promise<Result | undefined> {
  const answer = work.catch((error: unknown) => {
    log.warn({ err: error }, 'the queue does not answer');
    return undefined;
  });
  return Promise.race([answer, delay(MAX_WAIT_MS, undefined, { ref: false })]);
}

/** Ends the connections; the next use opens others. */
export async function closeDetailFileQueue(): Promise<void> {
  const closing = [...queues.values()];
  queues.clear();
  await Promise.all(closing.map(closeQueue));
}

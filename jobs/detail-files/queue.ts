import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import { log } from '../../log';
import { isLargeDetailFile } from '../../models/detail-file/detail-file';
import { undoClockStep } from '../queue/clock-step';
import { closeQueue, getMaxDelay, openQueue } from '../queue/open-queue';

/** Large files have a queue of their own, so that small ones need not wait: a worker builds one of each at a time. */
export const DETAIL_FILE_QUEUES = { small: 'detail-files', large: 'large-detail-files' } as const;
type DetailFileSize = keyof typeof DETAIL_FILE_QUEUES;

export interface DetailFileJob {
  id: number;
}

/** Rows that have been written, of so many. The worker notes it at the job. */
export interface DetailFileProgress {
  done: number;
  total: number;
}

/** A worker that has not renewed its lock for this long is dead, and another takes its file. */
export const DETAIL_FILE_LOCK_MS = 3000;
const ATTEMPTS = 5;
const MAX_WAIT_MS = 1000;
const queues = new Map<DetailFileSize, Queue<DetailFileJob>>();

function getQueueForSize(size: DetailFileSize): Queue<DetailFileJob> {
  const queue = queues.get(size) ?? openQueue<DetailFileJob>(DETAIL_FILE_QUEUES[size], ATTEMPTS);
  queues.set(size, queue);
  return queue;
}

const getQueueForFile = async (id: number): Promise<Queue<DetailFileJob>> =>
  getQueueForSize((await isLargeDetailFile(id)) ? 'large' : 'small');

const toJobId = (id: number): string => `detail-file-${id}`;

/** Adds the job of a file; if it waits or runs already, nothing happens. */
export async function enqueueBuildOrThrow(id: number): Promise<void> {
  const queue = await getQueueForFile(id);
  await queue.add('build', { id }, { jobId: toJobId(id) });
}

/** Tells a worker of a new request. It never fails or waits long: if Redis is unavailable, the sweep enqueues the row. */
export async function enqueueBuild(id: number): Promise<void> {
  await waitBriefly(enqueueBuildOrThrow(id));
}

/** Finds the job of a file; undefined if there is none or the queue does not answer soon. */
export const findDetailFileJob = (id: number): Promise<Job<DetailFileJob> | undefined> =>
  waitBriefly(
    getQueueForFile(id).then((queue) => queue.getJob(toJobId(id)) as Promise<Job<DetailFileJob> | undefined>),
  );

async function waitBriefly<Result>(work: Promise<Result>): Promise<Result | undefined> {
  const answer = work.catch((error: unknown) => {
    log.warn({ err: error }, 'the queue does not answer');
    return undefined;
  });
  return Promise.race([answer, delay(MAX_WAIT_MS, undefined, { ref: false })]);
}

/** Lets no file wait for a time of day that has been set back. */
export async function undoDetailFileClockStep(): Promise<void> {
  for (const size of ['small', 'large'] as const)
    await undoClockStep(getQueueForSize(size), { lock: DETAIL_FILE_LOCK_MS, delay: getMaxDelay(ATTEMPTS) });
}

/** Ends the connections; the next use opens others. */
export async function closeDetailFileQueue(): Promise<void> {
  const closing = [...queues.values()];
  queues.clear();
  await Promise.all(closing.map(closeQueue));
}

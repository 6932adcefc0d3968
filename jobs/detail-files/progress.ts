import type { Job } from 'bullmq';
import type { Progress } from '../../models/detail-file/build';
import { type DetailFileJob, findDetailFileJob } from './queue';

/** Rows that have been written, of so many. */
export interface DetailFileProgress {
  done: number;
  total: number;
}

const PERIOD_MS = 300;

/** Notes at the job how far its file is, every 0.3 s at most. */
export function createProgress(job: Job<DetailFileJob>): Progress {
  let lastUpdate = 0;
  return (done, total) => {
    if (Date.now() - lastUpdate < PERIOD_MS) return;
    lastUpdate = Date.now();
    job.updateProgress({ done, total } satisfies DetailFileProgress).catch(() => undefined);
  };
}

/** Tells how far a file is; undefined if nobody knows. */
export async function getDetailFileProgress(id: number): Promise<DetailFileProgress | undefined> {
  const job = await findDetailFileJob(id);
  return typeof job?.progress === 'object' ? (job.progress as DetailFileProgress) : undefined;
}

import { type DetailFile, type DetailFileKind, insertDetailFile } from '../../models/detail-file/detail-file';
import type { BillingMonth } from '../../models/billing/month';
import { type DetailFileProgress, enqueueBuild, findDetailFileJob } from './queue';

/**
 * Requests a file and tells a worker of it. Two requests at once get the same file, and a file that is ready and still
 * right is returned as it is.
 */
export async function requestDetailFile(
  contractId: number,
  month: BillingMonth,
  kind: DetailFileKind,
): Promise<DetailFile> {
  const file = await insertDetailFile(contractId, month, kind);
  await enqueueBuild(file.id);
  return file;
}

/** Tells how far a file is; undefined if nobody knows. */
export async function getDetailFileProgress(id: number): Promise<DetailFileProgress | undefined> {
  const job = await findDetailFileJob(id);
  return typeof job?.progress === 'object' ? (job.progress as DetailFileProgress) : undefined;
}

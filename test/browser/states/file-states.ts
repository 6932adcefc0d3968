import { Queue } from 'bullmq';
import { QUEUE_PREFIX } from '../../../jobs/queue/open-queue';
import { DETAIL_FILE_QUEUES, enqueueBuildOrThrow } from '../../../jobs/detail-files/queue';
import { db } from '../../../lib/database/db';
import { findDetailFile } from '../../../models/detail-file/detail-file';
import { getQueueConnection } from '../../../lib/redis/redis';
import { Browser } from '../../support/browser';
import { buildRequestedFile } from '../../support/detail-files';
import type { Capture } from './page-state';

const MONTH = 201711;

/** A detail file from the request to its end, in every state that it can be in. */
export async function captureFileStates(
  capture: Capture,
  browser: Browser,
  { contractId, folder }: { contractId: number; folder: string },
): Promise<void> {
  const path = `${folder}/calls/${MONTH}`;
  const captureAs = async (name: string, query = '') => {
    await browser.visit(path + query);
    capture(`${folder} ${name}`, browser);
  };
  const updateFile = (fields: object) =>
    db('detail_files').where({ contract_id: contractId, kind: 'calls' }).update(fields);

  // One that is asked for before it, so that this one waits.
  await browser.visit(`${folder}/fees/${MONTH}/request`);
  await browser.press('明細作成');
  await captureAs('not asked for');
  await browser.post(`${path}/request`, browser.getFields('明細作成'));
  capture(`${folder} accepted`, browser);
  await captureAs('waiting');
  await captureAs('waiting without refresh', '?refresh=off');
  await updateFile({ state: 'making' });
  await captureAs('being made');
  const { file } = await findDetailFile(contractId, MONTH, 'calls');
  await reportProgress(file?.id ?? 0);
  await captureAs('partly made');
  for (const failure of ['too_large_amount', 'disk_full', 'unavailable', 'unknown']) {
    await updateFile({ state: 'failed', failure });
    await captureAs(`failed: ${failure}`);
  }
  await db('detail_files').where({ contract_id: contractId }).delete();
  await buildRequestedFile(contractId, MONTH, 'fees');
  await buildRequestedFile(contractId, MONTH, 'calls');
  await captureAs('ready');
  await updateFile({ replaced_characters: 12, rounded_amounts: 3, rounded_difference: -150 });
  await captureAs('ready with differences');
  const { file: made } = await findDetailFile(contractId, MONTH, 'calls');
  await updateFile({ data_version: -1 });
  await captureAs('stale');
  await updateFile({ data_version: made?.data_version, finished_at: 0 });
  await captureAs('past its time');
  await updateFile({ state: 'queued', finished_at: null });
}

async function reportProgress(id: number): Promise<void> {
  await enqueueBuildOrThrow(id);
  const queue = new Queue(DETAIL_FILE_QUEUES.small, {
    connection: getQueueConnection('queue'),
    prefix: QUEUE_PREFIX,
  } as never);
  const job = await queue.getJob(`detail-file-${id}`);
  await job?.updateProgress({ done: 700_000, total: 1_000_000 });
  await queue.close();
}

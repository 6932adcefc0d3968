import { Queue } from 'bullmq';
import { QUEUE_PREFIX } from '../../../jobs/queue/open-queue';
import { DETAIL_FILE_QUEUES, enqueueDetailFile } from '../../../jobs/detail-files/queue';
import { db } from '../../../lib/database/db';
import { findDetailFile } from '../../../models/detail-file/detail-file';
import { queueConnection } from '../../../lib/redis/redis';
import { Browser } from '../../support/browser';
import { madeDetailFile } from '../../support/detail-files';
import type { Keep } from './page-state';

const MONTH = 201711;

/** A detail file from the request to its end, in every state that it can be in. */
export async function keepFileStates(
  keep: Keep,
  browser: Browser,
  { contractId, folder }: { contractId: number; folder: string },
): Promise<void> {
  const path = `${folder}/calls/${MONTH}`;
  const show = async (name: string, query = '') => {
    await browser.visit(path + query);
    keep(`${folder} ${name}`, browser);
  };
  const set = (fields: object) =>
    db('detail_files').where({ contract_id: contractId, kind: 'calls' }).update(fields);

  // One that is asked for before it, so that this one waits.
  await browser.visit(`${folder}/fees/${MONTH}/request`);
  await browser.press('明細作成');
  await show('not asked for');
  await browser.post(`${path}/request`, browser.fieldsOf('明細作成'));
  keep(`${folder} accepted`, browser);
  await show('waiting');
  await show('waiting without refresh', '?refresh=off');
  await set({ state: 'making' });
  await show('being made');
  const { file } = await findDetailFile(contractId, MONTH, 'calls');
  await reportProgress(file?.id ?? 0);
  await show('partly made');
  for (const failure of ['too_large_amount', 'disk_full', 'unavailable', 'unknown']) {
    await set({ state: 'failed', failure });
    await show(`failed: ${failure}`);
  }
  await db('detail_files').where({ contract_id: contractId }).delete();
  await madeDetailFile(contractId, MONTH, 'fees');
  await madeDetailFile(contractId, MONTH, 'calls');
  await show('ready');
  await set({ replaced_characters: 12, rounded_amounts: 3, rounded_difference: -150 });
  await show('ready with differences');
  const { file: made } = await findDetailFile(contractId, MONTH, 'calls');
  await set({ data_version: -1 });
  await show('stale');
  await set({ data_version: made?.data_version, finished_at: 0 });
  await show('past its time');
  await set({ state: 'queued', finished_at: null });
}

async function reportProgress(id: number): Promise<void> {
  await enqueueDetailFile(id);
  const queue = new Queue(DETAIL_FILE_QUEUES.small, {
    connection: queueConnection('queue'),
    prefix: QUEUE_PREFIX,
  } as never);
  const job = await queue.getJob(`detail-file-${id}`);
  await job?.updateProgress({ done: 700_000, total: 1_000_000 });
  await queue.close();
}

import { peakMemory } from '../../jobs/bench/memory';
import { closeDetailFileQueue, enqueueDetailFile } from '../../jobs/queue';
import { findDetailFile, listDetailFileParts } from '../../models/detail-file';
import { requestDetailFile } from '../../models/detail-file/request';
import { fileStore } from '../../models/file-store';
import { forgetCalls, storeManyCalls } from '../support/calls';
import { newCustomer } from '../support/customers';
import { eventually } from '../support/eventually';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { TestS3 } from '../support/s3-server';
import { killWorkerProcesses, startWorkerProcess } from '../support/worker-process';
import { config } from '../../config';
import { s3AddressOf } from '../../models/file-store/s3-address';
import { createHash } from 'node:crypto';
jest.setTimeout(600_000);
let s3: TestS3 | undefined;
beforeAll(async () => {
  await openTestPortal();
  if (process.env.OUTER_STORE) {
    process.env.FILE_STORE = process.env.OUTER_STORE;
    Object.assign(config, { FILE_STORE: s3AddressOf(process.env.OUTER_STORE) });
    process.env.AWS_ACCESS_KEY_ID = 'S3RVER'; process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
  } else if (process.env.ON_S3) s3 = await TestS3.start();
});
afterAll(async () => {
  await closeDetailFileQueue();
  await closeTestPortal();
  await s3?.stop();
});
it('memory', async () => {
  const customer = await newCustomer(['05012345678']);
  for (const count of (process.env.COUNTS ?? '400000,1600000').split(',').map(Number)) {
    await forgetCalls();
    await storeManyCalls(customer.contractId, 201505, count);
    const worker = startWorkerProcess();
    await eventually(() => expect(peakMemory(worker.child.pid ?? 0)).toBeGreaterThan(100e6 / 2));
    const started = Date.now();
    const { id } = await requestDetailFile(customer.contractId, 201505, 'calls');
    await enqueueDetailFile(id);
    await eventually(async () => { const s = (await findDetailFile(customer.contractId, 201505, 'calls')).status; if (s === 'failed') throw new Error(worker.log()); expect(s).toBe('ready'); }, 500_000);
    const made = Date.now() - started;
    const peakMade = peakMemory(worker.child.pid ?? 0);
    await eventually(async () => expect(await listDetailFileParts({ id })).toHaveLength(4), 500_000);
    const parts = await listDetailFileParts({ id });
    const zipped = Date.now() - started;
    const peak = peakMemory(worker.child.pid ?? 0);
    const rows = [];
    const rss0 = process.memoryUsage().rss;
    let most = 0;
    for (const part of parts) {
      const hash = createHash('sha256');
      const t = Date.now();
      for await (const b of await fileStore.open(part.store_key)) { hash.update(b as Buffer); most = Math.max(most, process.memoryUsage().rss - rss0); }
      rows.push(`${part.format} ${(part.bytes / 1e6).toFixed(1)} MB ${hash.digest('hex') === part.sha256 ? 'same' : 'DIFFERENT'} ${Date.now() - t} ms`);
    }
    process.stderr.write(`${process.env.ON_S3 || process.env.OUTER_STORE || 'disk'} ${count}: made ${made} ms, zips ${zipped} ms, peak ${(peakMade / 1e6).toFixed(0)} MB, with zips ${(peak / 1e6).toFixed(0)} MB; read +${(most / 1e6).toFixed(0)} MB; ${rows.join('; ')}\n`);
    await killWorkerProcesses();
  }
});

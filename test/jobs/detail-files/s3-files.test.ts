import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Express } from 'express';
import { createApp } from '../../../app';
import { config, projectRoot } from '../../../config';
import { closeDetailFileQueue, enqueueBuildOrThrow } from '../../../jobs/detail-files/queue';
import type { DetailFileWorker } from '../../../jobs/detail-files/worker';
import { moveClock } from '../../../lib/values/clock';
import {
  type DetailFileStatus,
  findDetailFile,
  listDetailFileParts,
  insertDetailFile,
} from '../../../models/detail-file/detail-file';
import { deleteExpiredDetailFiles, removeOrphanedFiles } from '../../../models/detail-file/retention';
import { fileStore } from '../../../lib/files/file-store';
import type { Browser } from '../../support/browser';
import { deleteCalls, storeCalls, storeManyCalls } from '../../support/calls';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import { buildRequestedFile } from '../../support/detail-files';
import { waitFor } from '../../support/eventually';
import { startFileWorker } from '../../support/file-worker';
import { GUIDE_MONTH, guideMonth } from '../../support/guide-month';
import { emptyRedis } from '../../support/redis-process';
import { TestS3 } from '../../support/s3-server';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

const MONTH = GUIDE_MONTH;
const CALLS = `/selfpage/detail-files/calls/${MONTH}`;
const MANY = 300_000;

let s3: TestS3;
let app: Express;
let customer: TestSelfPageUser;
let browser: Browser;
let worker: DetailFileWorker | undefined;

beforeAll(async () => {
  s3 = await TestS3.start();
  await openTestPortal();
  app = createApp();
  customer = await createSelfPageUser(['05012345678', '0120222333', '05087654321'], { code: 'd123456789' });
});
beforeEach(async () => {
  setClock('2015-06-05T13:20:00+09:00');
  browser = await openSelfPageBrowser(app, customer);
});
afterEach(async () => {
  await worker?.close(0);
  worker = undefined;
  await killWorkerProcesses();
  await deleteCalls();
  await emptyRedis();
  await s3.empty();
});
afterAll(async () => {
  await closeDetailFileQueue();
  await closeTestPortal();
  await s3.stop();
});

const readGolden = (name: string) =>
  readFileSync(path.join(projectRoot, 'test', 'fixtures', 'detail-files', name));
const request = () => insertDetailFile(customer.contractId, MONTH, 'calls');
const findFile = () => findDetailFile(customer.contractId, MONTH, 'calls');
const waitForStatus = (wanted: DetailFileStatus) =>
  waitFor(async () => expect((await findFile()).status).toBe(wanted));
const download = (format = 'csv', headers = {}, visitor = browser, method?: 'head') =>
  visitor.download(`${CALLS}/download?format=${format}`, headers, method);

async function buildGuideMonth(): Promise<void> {
  await storeCalls(customer.contractId, guideMonth);
  await buildRequestedFile(customer.contractId, MONTH, 'calls');
}

it('makes a file by the queue and gives it out, to the byte, with nothing on this disk', async () => {
  await storeCalls(customer.contractId, guideMonth);
  worker = startFileWorker();
  await browser.visit(`${CALLS}/request`);
  await browser.press('明細作成');
  await waitForStatus('ready');
  expect((await download()).body).toEqual(readGolden('guide-month.csv'));
  expect((await download('utf8')).body).toEqual(readGolden('guide-month.utf8.csv'));
  const { id = 0 } = (await findFile()).file ?? {};
  await waitFor(async () => expect(await listDetailFileParts({ id })).toHaveLength(4));
  const zip = (await download('csv-zip')).body as Buffer;
  expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
  expect(await s3.listKeys()).toHaveLength(4);
  expect(existsSync(path.join(config.DATA_DIR, 'detail-files'))).toBe(false);
});

describe('a download', () => {
  beforeEach(buildGuideMonth);

  it('is resumed at any byte, and answers conditions', async () => {
    const bytes = readGolden('guide-month.csv');
    const { etag = '' } = (await download()).headers;
    const part = await download('csv', { Range: 'bytes=10-19', 'If-Range': etag });
    expect([part.status, part.body]).toEqual([206, bytes.subarray(10, 20)]);
    expect(part.headers['content-range']).toBe(`bytes 10-19/${bytes.length}`);
    expect((await download('csv', { Range: 'bytes=-5' })).body).toEqual(bytes.subarray(-5));
    const changed = await download('csv', { Range: 'bytes=0-4', 'If-Range': '"another"' });
    expect([changed.status, changed.body]).toEqual([200, bytes]);
    const beyond = await download('csv', { Range: `bytes=${bytes.length}-` });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
    expect((await download('csv', { 'If-None-Match': etag })).status).toBe(304);
    const head = await download('csv', {}, browser, 'head');
    expect([head.status, head.headers['content-length']]).toEqual([200, String(bytes.length)]);
  });

  it("is not another customer's", async () => {
    const other = await openSelfPageBrowser(app, await createSelfPageUser());
    expect((await download('csv', {}, other)).status).toBe(404);
  });

  it('says so while the store is away, which leaves all else as it is, and comes when it is back', async () => {
    s3.signal('SIGSTOP');
    try {
      await browser.visit(`${CALLS}/download?format=csv`);
      expect([browser.status, browser.heading]).toEqual([503, 'ただいまご利用いただけません']);
      await browser.visit('/health/ready');
      expect([browser.status, browser.html]).toEqual([
        200,
        '{"database":"ok","redis":"ok","files":"unavailable"}',
      ]);
      await browser.visit(CALLS);
      expect(browser.main).toContain('明細が作成されております。');
    } finally {
      s3.signal('SIGCONT');
    }
    expect((await download()).body).toEqual(readGolden('guide-month.csv'));
  });
});

/** Waits until S3 knows of a file, but not that it is complete. */
const waitUntilHalfWritten = () => waitFor(async () => expect(await s3.listUploads()).not.toEqual([]));

async function countLines(): Promise<number> {
  const answer = await download();
  const bytes = answer.body as Buffer;
  expect(answer.headers.etag).toBe(`"${hash('sha256', bytes)}"`);
  return bytes.toString('latin1').split('\r\n').length - 1;
}

describe('a worker in mid-file', () => {
  beforeEach(async () => {
    await storeManyCalls(customer.contractId, MONTH, MANY);
    await enqueueBuildOrThrow((await request()).id);
  });

  it('that is killed leaves nothing to fetch; another removes what is left, and makes the file', async () => {
    const victim = startWorkerProcess();
    await waitUntilHalfWritten();
    await victim.end('SIGKILL');
    expect(await s3.listKeys()).toEqual([]);
    expect(await s3.listUploads()).not.toEqual([]);
    expect((await download()).status).toBe(404);

    startWorkerProcess();
    await waitForStatus('ready');
    const { id = 0 } = (await findFile()).file ?? {};
    await waitFor(async () => expect(await listDetailFileParts({ id })).toHaveLength(4));
    expect(await countLines()).toBe(MANY + 1);
    expect([(await s3.listKeys()).length, await s3.listUploads()]).toEqual([4, []]);
  });

  it('that has to stop gives the file back, and leaves no upload', async () => {
    worker = startFileWorker();
    await waitUntilHalfWritten();
    await worker.close(0);
    expect((await findFile()).status).toBe('queued');
    expect([await s3.listKeys(), await s3.listUploads()]).toEqual([[], []]);
  });

  it('whose store forgets everything begins again', async () => {
    worker = startFileWorker();
    await waitUntilHalfWritten();
    await s3.stop();
    await s3.startAgain();
    await waitForStatus('ready');
    expect(await countLines()).toBe(MANY + 1);
  });
});

describe('a worker whose store is away', () => {
  it('makes the file as soon as it is back', async () => {
    await storeCalls(customer.contractId, guideMonth);
    await s3.stop();
    const process = startWorkerProcess();
    await enqueueBuildOrThrow((await request()).id);
    await waitFor(() => expect(process.getLog()).toContain('detail file failed'));
    await s3.startAgain();
    await waitForStatus('ready');
    expect((await download()).body).toEqual(readGolden('guide-month.csv'));
  });

  it('says why in its log, and fails the file with a word for the page after a while', async () => {
    await storeCalls(customer.contractId, guideMonth);
    const key = process.env.AWS_ACCESS_KEY_ID;
    process.env.AWS_ACCESS_KEY_ID = 'somebody';
    const refused = startWorkerProcess();
    process.env.AWS_ACCESS_KEY_ID = key;
    await enqueueBuildOrThrow((await request()).id);
    await waitForStatus('failed');
    expect((await findFile()).file?.failure).toBe('unavailable');
    expect(refused.getLog()).toContain('the file store cannot be used');
    expect(refused.getLog()).toContain(
      'refuses the credentials: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
    await refused.end('SIGKILL');

    worker = startFileWorker();
    await browser.visit(CALLS);
    expect(browser.main).toContain('システムが一時的に利用できない状態でした');
    await browser.press('明細作成');
    await waitForStatus('ready');
  });
});

it('removes what dead runs have left after an hour, and nothing of anybody else', async () => {
  await buildGuideMonth();
  const dead = await fileStore.create('1-a-dead-run.csv');
  await dead.write(Buffer.alloc(10_000_000));
  await waitUntilHalfWritten();
  await (await fileStore.create('1-a-dead-run.utf8')).finish();
  const others = ['elsewhere/1-a-dead-run.csv', 'here/report-of-somebody.csv'];
  for (const key of others) await s3.put(key);
  await removeOrphanedFiles();
  expect([(await s3.listKeys()).length, (await s3.listUploads()).length]).toEqual([7, 1]);
  await s3.age();
  await removeOrphanedFiles();
  expect([(await s3.listKeys()).length, await s3.listUploads()]).toEqual([6, []]);
  expect(await s3.listKeys()).toEqual(expect.arrayContaining(others));
  await dead.discard();
});

it('removes files at the end of their time', async () => {
  await buildGuideMonth();
  expect(await s3.listKeys()).toHaveLength(4);
  moveClock(48 * 3_600_000);
  await deleteExpiredDetailFiles();
  expect(await s3.listKeys()).toEqual([]);
  expect((await findFile()).status).toBe('expired');
});

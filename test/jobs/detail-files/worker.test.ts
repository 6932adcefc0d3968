import { readdirSync, rmSync, statSync } from 'node:fs';
import { getPriority } from 'node:os';
import path from 'node:path';
import { config } from '../../../config';
import { openQueue } from '../../../jobs/queue/open-queue';
import { closeDetailFileQueue, enqueueBuildOrThrow, enqueueBuild } from '../../../jobs/detail-files/queue';
import { getDetailFileProgress, requestDetailFile } from '../../../jobs/detail-files/request';
import type { DetailFileWorker } from '../../../jobs/detail-files/worker';
import { db, isPostgres } from '../../../lib/database/db';
import {
  type DetailFileStatus,
  findDetailFile,
  listDetailFileParts,
  countRequestsAhead,
  insertDetailFile,
} from '../../../models/detail-file/detail-file';
import { getRedis } from '../../../lib/redis/redis';
import { deleteCalls, storeCalls, storeManyCalls } from '../../support/calls';
import { createSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { readPart } from '../../support/detail-files';
import { waitFor } from '../../support/eventually';
import { startFileWorker } from '../../support/file-worker';
import { emptyRedis, signalRedis } from '../../support/redis-process';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

const MONTH = 201711;
const NUMBER = '05012345678';
const MANY = 300_000;
const store = path.join(config.DATA_DIR, 'detail-files');
let contract: number;
let workers: DetailFileWorker[] = [];

beforeAll(async () => {
  await openTestPortal();
  contract = (await createSelfPageUser([NUMBER])).contractId;
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(0)));
  workers = [];
  await killWorkerProcesses();
  await deleteCalls();
  rmSync(store, { recursive: true, force: true });
  await emptyRedis();
});
afterAll(async () => {
  await closeDetailFileQueue();
  await closeTestPortal();
});

function startWorker(): DetailFileWorker {
  const worker = startFileWorker();
  workers.push(worker);
  return worker;
}

const storeCall = () => storeCalls(contract, [{ from: NUMBER, at: '2017-11-10T12:00:00+09:00' }]);
const request = () => insertDetailFile(contract, MONTH, 'calls');
const getStatus = async () => (await findDetailFile(contract, MONTH, 'calls')).status;
const waitForStatus = (wanted: DetailFileStatus) =>
  waitFor(async () => expect(await getStatus()).toBe(wanted));

/** Waits until the store holds some, but not all, of a file. */
const waitUntilHalfWritten = () =>
  waitFor(() => {
    const partial = readdirSync(store).filter((name) => name.endsWith('partial'));
    if (!partial.some((name) => statSync(path.join(store, name)).size > 1_000_000))
      throw new Error('not yet');
  });

/** A file that has not got its name yet ends with `partial`. */
const listStoredFormats = (): string[] =>
  readdirSync(store)
    .map((name) => name.split('.').pop() ?? '')
    .sort();

async function countLines(): Promise<number> {
  const { file } = await findDetailFile(contract, MONTH, 'calls');
  return file ? (await readPart(file, 'csv')).toString('latin1').split('\r\n').length - 1 : 0;
}

it('makes a file and its ZIPs once for two requests', async () => {
  await storeCall();
  startWorker();
  const [one, two] = await Promise.all([request(), request()]);
  await Promise.all([enqueueBuild(one.id), enqueueBuild(two.id)]);
  await waitForStatus('ready');
  await waitFor(async () => expect(await listDetailFileParts(one)).toHaveLength(4));
  expect(await countLines()).toBe(2);
  expect(await db('detail_files')).toHaveLength(1);
});

it('tells how far it is', async () => {
  await storeManyCalls(contract, MONTH, MANY);
  startWorker();
  const { id } = await request();
  await enqueueBuildOrThrow(id);
  await waitFor(async () => {
    const progress = await getDetailFileProgress(id);
    expect(progress?.total).toBe(MANY);
    expect(progress?.done).toBeGreaterThan(0);
  });
  await waitForStatus('ready');
});

it('makes a small file while a large one takes its time', async () => {
  const small = (await createSelfPageUser(['05099999999'])).contractId;
  await storeManyCalls(contract, MONTH, MANY);
  await storeCalls(small, [{ from: '05099999999', at: '2017-11-10T12:00:00+09:00' }]);
  startWorker();
  await enqueueBuildOrThrow((await request()).id);
  await waitUntilHalfWritten();
  const later = await insertDetailFile(small, MONTH, 'calls');
  expect([later.is_large, await countRequestsAhead(later)]).toEqual([false, 0]);
  await enqueueBuildOrThrow(later.id);
  await waitFor(async () => expect((await findDetailFile(small, MONTH, 'calls')).status).toBe('ready'));
  expect(await getStatus()).toBe('making');
  await waitForStatus('ready');
});

describe('a worker process', () => {
  it('that is killed in mid-file leaves nothing to download, and another makes the file', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    await enqueueBuildOrThrow((await request()).id);
    const victim = startWorkerProcess();
    await waitUntilHalfWritten();
    await victim.end('SIGKILL');
    expect(await getStatus()).toBe('making');
    const next = startWorkerProcess();
    await waitFor(() => expect(next.getLog()).toContain('taken up again'));
    await waitForStatus('ready');
    expect(await countLines()).toBe(MANY + 1);
    await waitFor(() => expect(listStoredFormats()).toEqual(['csv', 'csv-zip', 'utf8', 'utf8-zip']));
  });

  it('that is killed when the clock has been set back is not waited for until that hour has come again', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    const { id } = await request();
    await enqueueBuildOrThrow(id);
    const victim = startWorkerProcess();
    await waitUntilHalfWritten();
    await victim.end('SIGKILL');
    // Redis would do this if the clock were set back: these keys now end an hour later.
    const queue = '{meisai}:large-detail-files';
    for (const key of [`${queue}:detail-file-${id}:lock`, `${queue}:stalled-check`])
      await getRedis().set(key, 'x', 'PX', 3_600_000);
    const next = startWorkerProcess();
    await waitFor(() => expect(next.getLog()).toContain('taken up again'));
    await waitForStatus('ready');
  });

  it('gives way to the web server', async () => {
    const { pid } = startWorkerProcess().child;
    await waitFor(() => expect(getPriority(pid ?? 0)).toBeGreaterThan(getPriority()));
  });

  it('that is told to stop finishes its file', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    await enqueueBuildOrThrow((await request()).id);
    const worker = startWorkerProcess();
    await waitUntilHalfWritten();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await getStatus()).toBe('ready');
    expect(await countLines()).toBe(MANY + 1);
  });

  it('fails the file where the disk is full, with a word for the page and nothing left behind', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    if (!isPostgres) await db.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await enqueueBuildOrThrow((await request()).id);
    // No file of more than 5 MB.
    const worker = startWorkerProcess('-f 10000');
    await waitForStatus('failed');
    expect((await findDetailFile(contract, MONTH, 'calls')).file?.failure).toBe('disk_full');
    expect(worker.getLog()).toContain('EFBIG');
    expect(readdirSync(store)).toEqual([]);
  });
});

it('hands a file back that takes longer than a stopping worker may wait', async () => {
  await storeManyCalls(contract, MONTH, MANY);
  await enqueueBuildOrThrow((await request()).id);
  const worker = startWorker();
  await waitUntilHalfWritten();
  await worker.close(0);
  expect(await getStatus()).toBe('queued');
  const { id } = await request();
  expect(await getRedis().hget(`{meisai}:large-detail-files:detail-file-${id}`, 'atm')).toBeNull();
  startWorker();
  await waitForStatus('ready');
  expect(await countLines()).toBe(MANY + 1);
});

it('begins the next attempt before the hour is over to which the clock has been set back', async () => {
  await storeCall();
  const { id } = await request();
  const queue = openQueue('detail-files', 5);
  await queue.add('build', { id }, { jobId: `detail-file-${id}`, delay: 3_600_000 });
  await queue.close();
  startWorker();
  await waitForStatus('ready');
});

it('fails a file at the first attempt that cannot be written', async () => {
  await storeCalls(contract, [{ from: NUMBER, at: '2017-11-10T12:00:00+09:00', charge: 100_000_000 }]);
  const worker = startWorkerProcess();
  await enqueueBuild((await request()).id);
  await waitForStatus('failed');
  expect((await findDetailFile(contract, MONTH, 'calls')).file?.failure).toBe('too_large_amount');
  await waitFor(() => expect(worker.getLog()).toContain('detail file failed'));
  expect(worker.getLog().split('detail file failed')).toHaveLength(2);
});

describe('without Redis', () => {
  it('a request is not lost: the sweep of the next worker finds it', async () => {
    await storeCall();
    await signalRedis('SIGKILL');
    const { id } = await request();
    await enqueueBuild(id);
    await emptyRedis();
    startWorker();
    await waitForStatus('ready');
  });

  it('a worker waits for it, and goes on with what was asked for meanwhile', async () => {
    await storeCall();
    startWorker();
    await requestDetailFile(contract, MONTH, 'fees');
    await waitFor(async () => expect((await findDetailFile(contract, MONTH, 'fees')).status).toBe('ready'));
    await signalRedis('SIGKILL');
    await request();
    await waitForStatus('ready');
  });

  it('a request for which Redis had no memory is taken up when it has some again', async () => {
    await storeCall();
    startWorker();
    await getRedis().config('SET', 'maxmemory', '1');
    const { id } = await request();
    await enqueueBuild(id);
    await getRedis().config('SET', 'maxmemory', '0');
    await waitForStatus('ready');
  });

  it('a worker to which it refuses everything says so once, and asks again from time to time', async () => {
    await storeCall();
    await enqueueBuild((await request()).id);
    await getRedis().config('SET', 'maxmemory', '1');
    const worker = startWorkerProcess();
    const countRefusals = () => worker.getLog().split('the queue does not answer').length - 1;
    await waitFor(() => expect(countRefusals()).toBeGreaterThan(0));
    await getRedis().config('SET', 'maxmemory', '0');
    await waitForStatus('ready');
    await waitFor(() => expect(worker.getLog()).toContain('the queue is back'));
    // One for each of its queues, and for what it asks them for.
    expect(countRefusals()).toBeLessThan(5);
  });

  it('a file is finished though Redis was emptied in the middle of it', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    startWorker();
    await enqueueBuildOrThrow((await request()).id);
    await waitUntilHalfWritten();
    await emptyRedis();
    await waitForStatus('ready');
    expect(await countLines()).toBe(MANY + 1);
  });
});

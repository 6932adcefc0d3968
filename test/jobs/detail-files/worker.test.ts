import { readdirSync, rmSync, statSync } from 'node:fs';
import { getPriority } from 'node:os';
import path from 'node:path';
import { config } from '../../../config';
import { openQueue } from '../../../jobs/queue/open-queue';
import {
  closeDetailFileQueue,
  detailFileProgress,
  enqueueDetailFile,
  nudgeDetailFile,
} from '../../../jobs/detail-files/queue';
import { type DetailFileWorker, startDetailFileWorker } from '../../../jobs/detail-files/worker';
import { db, isPostgres } from '../../../lib/database/db';
import {
  type DetailFileStatus,
  findDetailFile,
  listDetailFileParts,
  requestsAhead,
} from '../../../models/detail-file/detail-file';
import { requestDetailFile } from '../../../models/detail-file/request';
import { redis } from '../../../lib/redis/redis';
import { forgetCalls, storeCalls, storeManyCalls } from '../../support/calls';
import { newCustomer } from '../../support/customers';
import { bytesOf } from '../../support/detail-files';
import { eventually } from '../../support/eventually';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { emptyRedis, signalRedis } from '../../support/redis-process';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

const MONTH = 201711;
const NUMBER = '05012345678';
const MANY = 300_000;
const store = path.join(config.DATA_DIR, 'detail-files');
let contract: number;
let workers: DetailFileWorker[] = [];

jest.setTimeout(60_000);

beforeAll(async () => {
  await openTestPortal();
  contract = (await newCustomer([NUMBER])).contractId;
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(0)));
  workers = [];
  await killWorkerProcesses();
  await forgetCalls();
  rmSync(store, { recursive: true, force: true });
  await emptyRedis();
});
afterAll(async () => {
  await closeDetailFileQueue();
  await closeTestPortal();
});

function startWorker(): DetailFileWorker {
  const worker = startDetailFileWorker();
  workers.push(worker);
  return worker;
}

const oneCall = () => storeCalls(contract, [{ from: NUMBER, at: '2017-11-10T12:00:00+09:00' }]);
const request = () => requestDetailFile(contract, MONTH, 'calls');
const statusNow = async () => (await findDetailFile(contract, MONTH, 'calls')).status;
const untilStatus = (wanted: DetailFileStatus, limit?: number) =>
  eventually(async () => expect(await statusNow()).toBe(wanted), limit);

/** Until the store holds some, but not all, of a file. */
const untilHalfWritten = () =>
  eventually(() => {
    const partial = readdirSync(store).filter((name) => name.endsWith('partial'));
    if (!partial.some((name) => statSync(path.join(store, name)).size > 1_000_000))
      throw new Error('not yet');
  });

/** A file that has not got its name yet ends with `partial`. */
const formatsInStore = (): string[] =>
  readdirSync(store)
    .map((name) => name.split('.').pop() ?? '')
    .sort();

async function linesOfFile(): Promise<number> {
  const { file } = await findDetailFile(contract, MONTH, 'calls');
  return file ? (await bytesOf(file, 'csv')).toString('latin1').split('\r\n').length - 1 : 0;
}

it('makes a file and its ZIPs within a second, once for two requests', async () => {
  await oneCall();
  startWorker();
  const [one, two] = await Promise.all([request(), request()]);
  await Promise.all([nudgeDetailFile(one.id), nudgeDetailFile(two.id)]);
  await untilStatus('ready', 1000);
  await eventually(async () => expect(await listDetailFileParts(one)).toHaveLength(4));
  expect(await linesOfFile()).toBe(2);
  expect(await db('detail_files')).toHaveLength(1);
});

it('tells how far it is', async () => {
  await storeManyCalls(contract, MONTH, MANY);
  startWorker();
  const { id } = await request();
  await enqueueDetailFile(id);
  await eventually(async () => {
    const progress = await detailFileProgress(id);
    expect(progress?.total).toBe(MANY);
    expect(progress?.done).toBeGreaterThan(0);
  });
  await untilStatus('ready');
});

it('makes a small file while a large one takes its time', async () => {
  const small = (await newCustomer(['05099999999'])).contractId;
  await storeManyCalls(contract, MONTH, MANY);
  await storeCalls(small, [{ from: '05099999999', at: '2017-11-10T12:00:00+09:00' }]);
  startWorker();
  await enqueueDetailFile((await request()).id);
  await untilHalfWritten();
  const later = await requestDetailFile(small, MONTH, 'calls');
  expect([later.large, await requestsAhead(later)]).toEqual([isPostgres ? false : 0, 0]);
  await enqueueDetailFile(later.id);
  await eventually(
    async () => expect((await findDetailFile(small, MONTH, 'calls')).status).toBe('ready'),
    2000,
  );
  expect(await statusNow()).toBe('making');
  await untilStatus('ready');
});

describe('a worker process', () => {
  it('that is killed in mid-file leaves nothing to download, and another makes the file within 15 s', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    await enqueueDetailFile((await request()).id);
    const victim = startWorkerProcess();
    await untilHalfWritten();
    await victim.end('SIGKILL');
    expect(await statusNow()).toBe('making');
    const killed = Date.now();
    const next = startWorkerProcess();
    await eventually(() => expect(next.log()).toContain('taken up again'), 15_000);
    expect(Date.now() - killed).toBeLessThan(15_000);
    await untilStatus('ready');
    expect(await linesOfFile()).toBe(MANY + 1);
    await eventually(() => expect(formatsInStore()).toEqual(['csv', 'csv-zip', 'utf8', 'utf8-zip']));
  });

  it('that is killed when the clock has been set back is not waited for until that hour has come again', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    const { id } = await request();
    await enqueueDetailFile(id);
    const victim = startWorkerProcess();
    await untilHalfWritten();
    await victim.end('SIGKILL');
    // What Redis makes of a clock that is set back: these keys now end an hour later.
    const queue = '{meisai}:large-detail-files';
    for (const key of [`${queue}:detail-file-${id}:lock`, `${queue}:stalled-check`])
      await redis().set(key, 'x', 'PX', 3_600_000);
    const next = startWorkerProcess();
    await eventually(() => expect(next.log()).toContain('taken up again'), 15_000);
    await untilStatus('ready');
  });

  it('gives way to the web server', async () => {
    const { pid } = startWorkerProcess().child;
    await eventually(() => expect(getPriority(pid ?? 0)).toBeGreaterThan(getPriority()));
  });

  it('that is told to stop finishes its file', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    await enqueueDetailFile((await request()).id);
    const worker = startWorkerProcess();
    await untilHalfWritten();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await statusNow()).toBe('ready');
    expect(await linesOfFile()).toBe(MANY + 1);
  });

  it('fails the file where the disk is full, with a word for the page and nothing left behind', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    if (!isPostgres) await db.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    await enqueueDetailFile((await request()).id);
    // No file of more than 5 MB.
    const worker = startWorkerProcess('-f 10000');
    await untilStatus('failed', 20_000);
    expect((await findDetailFile(contract, MONTH, 'calls')).file?.failure).toBe('disk_full');
    expect(worker.log()).toContain('EFBIG');
    expect(readdirSync(store)).toEqual([]);
  });
});

it('hands a file back that takes longer than a stopping worker may wait', async () => {
  await storeManyCalls(contract, MONTH, MANY);
  await enqueueDetailFile((await request()).id);
  const worker = startWorker();
  await untilHalfWritten();
  await worker.close(0);
  expect(await statusNow()).toBe('queued');
  const { id } = await request();
  expect(await redis().hget(`{meisai}:large-detail-files:detail-file-${id}`, 'atm')).toBeNull();
  startWorker();
  await untilStatus('ready');
  expect(await linesOfFile()).toBe(MANY + 1);
});

it('begins the next attempt soon though the clock has been set back meanwhile', async () => {
  await oneCall();
  const { id } = await request();
  const queue = openQueue('detail-files', 5);
  await queue.add('build', { id }, { jobId: `detail-file-${id}`, delay: 3_600_000 });
  await queue.close();
  startWorker();
  await untilStatus('ready', 2000);
});

it('fails a file at once that cannot be written', async () => {
  await storeCalls(contract, [{ from: NUMBER, at: '2017-11-10T12:00:00+09:00', charge: 100_000_000 }]);
  startWorker();
  await nudgeDetailFile((await request()).id);
  await untilStatus('failed', 2000);
  expect((await findDetailFile(contract, MONTH, 'calls')).file?.failure).toBe('too_large_amount');
});

describe('without Redis', () => {
  it('a request is not lost: the sweep of the next worker finds it', async () => {
    await oneCall();
    await signalRedis('SIGKILL');
    const { id } = await request();
    const before = Date.now();
    await nudgeDetailFile(id);
    expect(Date.now() - before).toBeLessThan(1200);
    await emptyRedis();
    startWorker();
    await untilStatus('ready');
  });

  it('a worker waits for it, and goes on with what was asked for meanwhile', async () => {
    await oneCall();
    startWorker();
    await nudgeDetailFile((await requestDetailFile(contract, MONTH, 'fees')).id);
    await eventually(async () =>
      expect((await findDetailFile(contract, MONTH, 'fees')).status).toBe('ready'),
    );
    await signalRedis('SIGKILL');
    await request();
    await untilStatus('ready');
  });

  it('a request for which Redis had no memory is taken up within seconds', async () => {
    await oneCall();
    startWorker();
    await redis().config('SET', 'maxmemory', '1');
    const { id } = await request();
    await nudgeDetailFile(id);
    await redis().config('SET', 'maxmemory', '0');
    await untilStatus('ready', 7000);
  });

  it('a worker to which it refuses everything says so once, and asks again from time to time', async () => {
    await oneCall();
    await nudgeDetailFile((await request()).id);
    await redis().config('SET', 'maxmemory', '1');
    const worker = startWorkerProcess();
    const refusals = () => worker.log().split('the queue does not answer').length - 1;
    await eventually(() => expect(refusals()).toBeGreaterThan(0));
    await redis().config('SET', 'maxmemory', '0');
    await untilStatus('ready');
    await eventually(() => expect(worker.log()).toContain('the queue is back'));
    // One for each of its queues, and for what it asks them for.
    expect(refusals()).toBeLessThan(5);
  });

  it('a file is finished though Redis was emptied in the middle of it', async () => {
    await storeManyCalls(contract, MONTH, MANY);
    startWorker();
    await enqueueDetailFile((await request()).id);
    await untilHalfWritten();
    await emptyRedis();
    await untilStatus('ready');
    expect(await linesOfFile()).toBe(MANY + 1);
  });
});

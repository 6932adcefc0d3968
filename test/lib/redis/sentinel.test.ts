/** @jest-environment-options {"redis": "sentinel"} */
import { createApp } from '../../../app';
import { closeDetailFileQueue, enqueueBuildOrThrow } from '../../../jobs/detail-files/queue';
import {
  findDetailFile,
  listDetailFileParts,
  insertDetailFile,
} from '../../../models/detail-file/detail-file';
import { getRedis } from '../../../lib/redis/redis';
import type { Browser } from '../../support/browser';
import { deleteCalls, storeManyCalls } from '../../support/calls';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { waitFor } from '../../support/eventually';
import { signalRedis } from '../../support/redis-process';
import { runProgram } from '../../support/start-output';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

jest.setTimeout(120_000);

const MONTH = 201711;
const FAILOVER_TIMEOUT_MS = 60_000;
const app = createApp();

beforeAll(openTestPortal);
afterEach(killWorkerProcesses);
afterAll(async () => {
  await closeDetailFileQueue();
  await closeTestPortal();
});

const getMasterPort = async (): Promise<string> => String((await getRedis().config('GET', 'port'))[1]);

async function requestManyCalls({ contractId }: TestSelfPageUser): Promise<number> {
  await deleteCalls();
  await storeManyCalls(contractId, MONTH, 100_000);
  const { id } = await insertDetailFile(contractId, MONTH, 'calls');
  await enqueueBuildOrThrow(id);
  await waitFor(async () => expect((await findDetailFile(contractId, MONTH, 'calls')).status).toBe('making'));
  return id;
}

/** A page that is not to be had now says so; a login is never lost. */
async function waitUntilSignedIn(browser: Browser): Promise<void> {
  await waitFor(async () => {
    await browser.visit('/selfpage/contract');
    if (browser.status === 503) throw new Error('Redis is away');
  }, FAILOVER_TIMEOUT_MS);
  expect([browser.status, browser.path]).toEqual([200, '/selfpage/contract']);
}

/** Sentinels make no replica master before they have seen it follow the present one. */
const waitForReplica = () =>
  waitFor(
    async () => expect(await getRedis().info('replication')).toContain('state=online'),
    FAILOVER_TIMEOUT_MS,
  );

it.each([
  ['SIGKILL', '05099999998'],
  ['SIGSTOP', '05099999999'],
] as const)(
  'keeps logins and makes files when the master has got %s and a replica takes its place',
  async (signal, number) => {
    const customer = await createSelfPageUser([number]);
    const browsers = [];
    for (let one = 0; one < 6; one += 1) browsers.push(await openSelfPageBrowser(app, customer));
    await waitForReplica();
    startWorkerProcess();
    const id = await requestManyCalls(customer);

    const before = await getMasterPort();
    const processes = await signalRedis(signal);
    await Promise.all(browsers.map(waitUntilSignedIn));
    expect(await getMasterPort()).not.toBe(before);
    await waitFor(async () => expect(await listDetailFileParts({ id })).toHaveLength(4), FAILOVER_TIMEOUT_MS);

    if (signal === 'SIGSTOP') await signalRedis('SIGCONT', processes);
    // The old master has become a replica of the new one.
    await waitForReplica();
    await Promise.all(browsers.map(waitUntilSignedIn));
    const next = await requestManyCalls(customer);
    await waitFor(async () => expect(await listDetailFileParts({ id: next })).toHaveLength(4));
  },
);

describe('a start', () => {
  const getRedisUrl = () => process.env.REDIS_URL ?? '';
  const [, sentinel = ''] = /(127.0.0.1:\d+)/.exec(getRedisUrl()) ?? [];

  it.each([
    [
      'a name of no master',
      () => getRedisUrl().replace(/\w+$/, 'other'),
      'has Sentinels that know no such master',
    ],
    ['no Sentinel that answers', () => 'redis-sentinel://127.0.0.1:1/meisai', 'does not answer'],
    [
      'a Redis for a Sentinel',
      async () => `redis-sentinel://127.0.0.1:${await getMasterPort()}/meisai`,
      'is no Sentinel',
    ],
    ['a Sentinel for a Redis', () => `redis://${sentinel}`, 'is a Sentinel'],
  ])('with %s says so', async (_, url, words) => {
    const { code, said } = await runProgram(['start.cjs'], { REDIS_URL: await url() });
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(`^The Redis at \\S+ ${words} \\([^\\n]+\\): [^\\n]+$`),
    ]);
  });
});

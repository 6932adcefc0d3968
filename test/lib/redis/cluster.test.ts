/** @jest-environment-options {"redis": "cluster"} */
import { createApp } from '../../../app';
import { startCodeWorker } from '../../../jobs/verification-codes/worker';
import { closeCodeQueue } from '../../../jobs/verification-codes/queue';
import { closeDetailFileQueue, enqueueBuildOrThrow } from '../../../jobs/detail-files/queue';
import {
  findDetailFile,
  listDetailFileParts,
  insertDetailFile,
} from '../../../models/detail-file/detail-file';
import { SESSION_PREFIX } from '../../../lib/redis/session-index';
import { Browser } from '../../support/browser';
import { deleteCalls, storeManyCalls } from '../../support/calls';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { createContactUser, verify } from '../../support/verification';
import { waitFor } from '../../support/eventually';
import { listRedisKeys, listRedisNodes, listRedisPids } from '../../support/redis-process';
import { runProgram } from '../../support/start-output';
import { killWorkerProcesses, startWorkerProcess } from '../../support/worker-process';

const MONTH = 201711;
const app = createApp();

beforeAll(openTestPortal);
afterEach(killWorkerProcesses);
afterAll(async () => {
  await Promise.all([closeDetailFileQueue(), closeCodeQueue()]);
  await closeTestPortal();
});

async function openBrowsers(customer: TestSelfPageUser, count: number): Promise<Browser[]> {
  const browsers: Browser[] = [];
  for (let one = 0; one < count; one += 1) browsers.push(await openSelfPageBrowser(app, customer));
  return browsers;
}

it('spreads sessions over the masters, and ends those of a login on all of them', async () => {
  const customer = await createSelfPageUser();
  const [first, ...others] = await openBrowsers(customer, 10);
  const counts = await Promise.all((await listRedisNodes()).map((node) => node.keys(`${SESSION_PREFIX}*`)));
  expect(counts).toHaveLength(3);
  expect(counts.filter((keys) => keys.length > 0).length).toBeGreaterThan(1);

  await first?.follow('パスワードの変更');
  await first?.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
  await first?.press('OK');
  expect(first?.heading).toBe('セルフパスワード変更(完了)');
  expect(await listRedisKeys(`${SESSION_PREFIX}*`)).toHaveLength(1);
  for (const other of others) expect((await other.visit('/selfpage/contract')).path).toBe('/');
});

it('locks a login after ten wrong passwords, whichever node counts them', async () => {
  for (const customer of [
    await createSelfPageUser(),
    await createSelfPageUser(),
    await createSelfPageUser(),
  ]) {
    const browser = await new Browser(app).visit('/');
    for (let tries = 0; tries < 10; tries += 1)
      await browser.press('ログイン', { loginId: customer.login, password: 'wrong1' });
    expect(browser.status).toBe(422);
    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    expect(browser.status).toBe(429);
  }
});

it('sends and checks verification codes', async () => {
  const worker = startCodeWorker();
  const browser = await verify(app, await createContactUser());
  await browser.visit('/mypage/usage');
  expect(browser.path).toBe('/mypage/usage');
  await worker.close();
});

describe('with a master killed and started again', () => {
  it('finishes a file in the making, and another after it', async () => {
    const { contractId } = await createSelfPageUser(['05099999999']);
    await storeManyCalls(contractId, MONTH, 100_000);
    startWorkerProcess();
    const getStatus = async () => (await findDetailFile(contractId, MONTH, 'calls')).status;
    const { id } = await insertDetailFile(contractId, MONTH, 'calls');
    await enqueueBuildOrThrow(id);
    await waitFor(async () => expect(await getStatus()).toBe('making'));
    for (const pid of await listRedisPids()) process.kill(pid, 'SIGKILL');
    await waitFor(async () => expect(await listDetailFileParts({ id })).toHaveLength(4));

    await deleteCalls();
    await storeManyCalls(contractId, MONTH, 10);
    await enqueueBuildOrThrow((await insertDetailFile(contractId, MONTH, 'calls')).id);
    await waitFor(async () => expect(await getStatus()).toBe('ready'));
  });

  it('keeps every session, and no page fails', async () => {
    const browsers = await openBrowsers(await createSelfPageUser(), 6);
    for (const pid of await listRedisPids()) {
      process.kill(pid, 'SIGKILL');
      await Promise.all(browsers.map((browser) => browser.visit('/selfpage/contract')));
      expect(browsers.map(({ status, path }) => `${status} ${path}`)).toEqual(
        browsers.map(() => '200 /selfpage/contract'),
      );
    }
  });
});

describe('a start', () => {
  it.each(['start.cjs', 'meisai.cjs worker'])(
    'of %s with one node as a lone Redis says what to write',
    async (program) => {
      const [, node = ''] = /(127.0.0.1:\d+)/.exec(process.env.REDIS_URL ?? '') ?? [];
      const { code, said } = await runProgram(program.split(' '), { REDIS_URL: `redis://${node}` });
      expect([code, said]).toEqual([
        1,
        expect.stringContaining(
          `The Redis at redis://${node} is a node of a cluster: write redis-cluster://HOST:PORT,HOST:PORT,… (rediss-cluster:// with TLS) into REDIS_URL.`,
        ),
      ]);
    },
  );

  it('without a node that answers says so', async () => {
    const REDIS_URL = 'redis-cluster://127.0.0.1:1,127.0.0.1:2';
    const { code, said } = await runProgram(['start.cjs'], { REDIS_URL });
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/^The Redis at redis-cluster:\S+ does not answer \(connect ECONNREFUSED [^\n]*$/),
    ]);
  });

  it('with a cluster that has lost slots says so', async () => {
    const nodes = await listRedisNodes();
    for (const node of nodes) await node.cluster('DELSLOTSRANGE', 0, 16_383);
    const { code, said } = await runProgram(['start.cjs'], {});
    expect([code, said]).toEqual([
      1,
      expect.stringContaining('is a cluster that is down (CLUSTERDOWN): start'),
    ]);
  });
});

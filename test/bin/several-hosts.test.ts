/** @jest-environment-options {"redis": "shared"} */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { config } from '../../config';
import { Visitor } from '../kit/visitor';
import { db } from '../../lib/database/db';
import { listPastMonths } from '../../models/billing/month';
import { storeManyCalls } from '../support/calls';
import { createSelfPageUser, type TestSelfPageUser } from '../support/users';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { waitFor } from '../support/eventually';
import { TestHost } from '../support/hosts';
import { TestS3 } from '../support/s3-server';

jest.setTimeout(180_000);

const [MONTH = 0] = listPastMonths(Date.now(), 1);
const FILE = `/selfpage/detail-files/calls/${MONTH}`;
const DOWNLOAD = `${FILE}/download?format=csv`;
const MANY = 300_000;
const SOME = 60_000;

beforeAll(openTestPortal);
afterAll(closeTestPortal);

async function createUserWithCalls(calls: number): Promise<TestSelfPageUser> {
  const customer = await createSelfPageUser([`05${String(Date.now()).slice(-9)}`]);
  await storeManyCalls(customer.contractId, MONTH, calls);
  return customer;
}

const countLines = (file: string) => file.split('\n').length - 1;
async function download(url: string, headers: Record<string, string>): Promise<Buffer> {
  return Buffer.from(await (await fetch(new URL(DOWNLOAD, url), { headers })).arrayBuffer());
}

async function readState({ contractId }: TestSelfPageUser): Promise<string> {
  const [state = 'none'] = await db('detail_files')
    .where({ contract_id: contractId })
    .pluck<string[]>('state');
  return state;
}

/** A customer behind a load balancer: each request goes to the next web server, and once more where that one fails. */
function createBalancedCustomer(servers: TestHost[]) {
  const visitor = new Visitor('');
  let turn = 0;
  const getNextVisitor = () => {
    turn += 1;
    visitor.url = servers[turn % servers.length]?.url ?? '';
    return visitor;
  };
  return async <Answer>(request: (visitor: Visitor) => Promise<Answer>): Promise<Answer> => {
    try {
      return await request(getNextVisitor());
    } catch {
      return request(getNextVisitor());
    }
  };
}

type Kill = ['web server' | 'worker', number];
const KILLS: Record<string, Kill[]> = {
  'a folder that all share': [
    ['web server', 0],
    ['web server', 100],
    ['web server', 400],
    ['worker', 300],
    ['worker', 900],
  ],
  'S3 and nothing else': [
    ['web server', 200],
    ['worker', 600],
  ],
};

describe.each(Object.entries(KILLS))('two web servers and two workers with %s', (store, kills) => {
  let s3: TestS3 | undefined;
  let webs: TestHost[];
  let workers: TestHost[];

  beforeAll(async () => {
    if (store.startsWith('S3')) s3 = await TestS3.start();
    const createHost = (role: 'web' | 'worker', name: string) =>
      new TestHost(role, s3 && { DATA_DIR: path.join(config.DATA_DIR, name) });
    webs = [createHost('web', 'web-1'), createHost('web', 'web-2')];
    workers = [createHost('worker', 'worker-1'), createHost('worker', 'worker-2')];
    await Promise.all([...webs, ...workers].map((host) => host.start()));
  });
  afterAll(async () => {
    await Promise.all([...webs, ...workers].map((host) => host.end('SIGTERM')));
    await s3?.stop();
    delete process.env.FILE_STORE;
  });

  const listUrls = () => webs.map(({ url }) => url) as [string, string];

  it('serve one customer as one portal', async () => {
    const customer = await createUserWithCalls(10);
    const [first, second] = listUrls();
    const visitor = await new Visitor(first).logIn(customer.login, customer.password);
    visitor.url = second;
    expect(await visitor.get('/selfpage/contract')).toContain(customer.code);
    await visitor.get(`${FILE}/request`);
    await visitor.post(`${FILE}/request`);
    await waitFor(async () => expect(await visitor.get(FILE)).toContain('format=csv"'));
    visitor.url = first;
    expect(countLines(await visitor.get(DOWNLOAD))).toBe(11);
    // A browser resumes a broken download like this.
    const whole = await download(first, visitor.headers);
    const rest = await download(second, { ...visitor.headers, range: 'bytes=100-' });
    expect(rest).toEqual(whole.subarray(100));

    await visitor.get('/selfpage/password');
    visitor.url = second;
    const typed = { current: customer.password, new: 'abc123', again: 'abc123' };
    await visitor.post('/selfpage/password', typed);
    visitor.url = first;
    await visitor.get(visitor.location);
    visitor.url = second;
    await visitor.post('/selfpage/password/confirm');
    expect(visitor.location).toBe('/selfpage/password/done');
  });

  it('make a file though the worker that makes it is killed', async () => {
    const customer = await createUserWithCalls(MANY);
    const [victim, other] = workers as [TestHost, TestHost];
    await other.end('SIGTERM');
    const visitor = await new Visitor(listUrls()[0]).logIn(customer.login, customer.password);
    await visitor.get(`${FILE}/request`);
    await visitor.post(`${FILE}/request`);
    await waitFor(async () => expect(await readState(customer)).toBe('making'));
    await other.start();
    await victim.end('SIGKILL');
    await waitFor(() => expect(other.getLog()).toContain('taken up again'));
    await waitFor(async () => expect(await visitor.get(FILE)).toContain('format=csv"'));
    expect(countLines(await visitor.get(DOWNLOAD))).toBe(MANY + 1);
    await victim.start();
  });

  it.each(kills)(
    'lose nothing where a %s is killed after %i ms, and need no more than one retry',
    async (role, moment) => {
      const [victim] = (role === 'worker' ? workers : webs) as [TestHost, TestHost];
      const customer = await createUserWithCalls(SOME);
      const ask = createBalancedCustomer(webs);
      const killed = delay(moment).then(() => victim.end('SIGKILL'));
      await ask((visitor) => visitor.logIn(customer.login, customer.password));
      expect(await ask((visitor) => visitor.get('/selfpage/contract'))).toContain(customer.code);
      await ask(async (visitor) => {
        await visitor.get(`${FILE}/request`);
        return visitor.post(`${FILE}/request`);
      });
      await waitFor(async () => expect(await ask((visitor) => visitor.get(FILE))).toContain('format=csv"'));
      const file = await ask((visitor) => visitor.get(DOWNLOAD));
      expect(countLines(file)).toBe(SOME + 1);
      await killed;
      await victim.start();
    },
  );
});

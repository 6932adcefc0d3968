/** @jest-environment-options {"redis": "shared"} */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { config } from '../../config';
import { Visitor } from '../kit/visitor';
import { db } from '../../lib/database/db';
import { pastMonths } from '../../models/billing/month';
import { storeManyCalls } from '../support/calls';
import { newCustomer, type TestCustomer } from '../support/customers';
import { eventually } from '../support/eventually';
import { BalancedCustomer, TestHost } from '../support/hosts';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { TestS3 } from '../support/s3-server';

jest.setTimeout(180_000);

const [MONTH = 0] = pastMonths(Date.now(), 1);
const FILE = `/selfpage/detail-files/calls/${MONTH}`;
const DOWNLOAD = `${FILE}/download?format=csv`;
const MANY = 300_000;
const SOME = 60_000;
const LONGEST_MS = 15_000;

beforeAll(openTestPortal);
afterAll(closeTestPortal);

async function customerWith(calls: number): Promise<TestCustomer> {
  const customer = await newCustomer([`05${String(Date.now()).slice(-9)}`]);
  await storeManyCalls(customer.contractId, MONTH, calls);
  return customer;
}

const linesOf = (file: string) => file.split('\n').length - 1;
async function bytesOf(url: string, headers: Record<string, string>): Promise<Buffer> {
  return Buffer.from(await (await fetch(new URL(DOWNLOAD, url), { headers })).arrayBuffer());
}

async function stateOf({ contractId }: TestCustomer): Promise<string> {
  const [state = 'none'] = await db('detail_files')
    .where({ contract_id: contractId })
    .pluck<string[]>('state');
  return state;
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
    const hostOf = (role: 'web' | 'worker', name: string) =>
      new TestHost(role, s3 && { DATA_DIR: path.join(config.DATA_DIR, name) });
    webs = [hostOf('web', 'web-1'), hostOf('web', 'web-2')];
    workers = [hostOf('worker', 'worker-1'), hostOf('worker', 'worker-2')];
    await Promise.all([...webs, ...workers].map((host) => host.start()));
  });
  afterAll(async () => {
    await Promise.all([...webs, ...workers].map((host) => host.end('SIGTERM')));
    await s3?.stop();
    delete process.env.FILE_STORE;
  });

  const urls = () => webs.map(({ url }) => url) as [string, string];

  it('serve one customer as one portal', async () => {
    const customer = await customerWith(10);
    const [first, second] = urls();
    const visitor = await new Visitor(first).logIn(customer.login, customer.password);
    visitor.url = second;
    expect(await visitor.get('/selfpage/contract')).toContain(customer.code);
    await visitor.get(`${FILE}/request`);
    await visitor.post(`${FILE}/request`);
    await eventually(async () => expect(await visitor.get(FILE)).toContain('format=csv"'));
    visitor.url = first;
    expect(linesOf(await visitor.get(DOWNLOAD))).toBe(11);
    // As a browser does whose download broke off.
    const whole = await bytesOf(first, visitor.headers);
    const rest = await bytesOf(second, { ...visitor.headers, range: 'bytes=100-' });
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

  it('make a file within 15 s though the worker that makes it is killed', async () => {
    const customer = await customerWith(MANY);
    const [victim, other] = workers as [TestHost, TestHost];
    await other.end('SIGTERM');
    const visitor = await new Visitor(urls()[0]).logIn(customer.login, customer.password);
    await visitor.get(`${FILE}/request`);
    await visitor.post(`${FILE}/request`);
    await eventually(async () => expect(await stateOf(customer)).toBe('making'));
    await other.start();
    await victim.end('SIGKILL');
    const killed = Date.now();
    await eventually(() => expect(other.log()).toContain('taken up again'), LONGEST_MS);
    expect(Date.now() - killed).toBeLessThan(LONGEST_MS);
    await eventually(async () => expect(await visitor.get(FILE)).toContain('format=csv"'), 30_000);
    expect(linesOf(await visitor.get(DOWNLOAD))).toBe(MANY + 1);
    await victim.start();
  });

  it.each(kills)(
    'lose nothing where a %s is killed after %i ms, and need no more than one retry',
    async (role, moment) => {
      const [victim] = (role === 'worker' ? workers : webs) as [TestHost, TestHost];
      const customer = await customerWith(SOME);
      const balanced = new BalancedCustomer(webs);
      const killed = delay(moment).then(() => victim.end('SIGKILL'));
      await balanced.ask((visitor) => visitor.logIn(customer.login, customer.password));
      expect(await balanced.ask((visitor) => visitor.get('/selfpage/contract'))).toContain(customer.code);
      await balanced.ask(async (visitor) => {
        await visitor.get(`${FILE}/request`);
        return visitor.post(`${FILE}/request`);
      });
      await balanced.untilPage(FILE, 'format=csv"');
      const file = await balanced.ask((visitor) => visitor.get(DOWNLOAD));
      expect(linesOf(file)).toBe(SOME + 1);
      await killed;
      await victim.start();
    },
  );
});

/** @jest-environment-options {"redis": ""} */
import { type PrivateRedis, startPrivateRedis } from '../../../lib/redis/private-redis';
import { closeRedis, getRedis } from '../../../lib/redis/redis';
import { waitFor } from '../../support/eventually';
import { isAlive } from '../../support/process';
import { listRedisPids } from '../../support/redis-process';

const started: PrivateRedis[] = [];

async function startOne(): Promise<PrivateRedis> {
  const one = await startPrivateRedis();
  started.push(one);
  return one;
}

async function readServerPid(): Promise<number> {
  const [pid = 0] = await listRedisPids();
  return pid;
}

beforeAll(startOne);

afterAll(async () => {
  await closeRedis();
  await Promise.all(started.map((one) => one.stop()));
});

it('listens at a socket that only its user may open, and at no port', async () => {
  const [, port] = await getRedis().config('GET', 'port');
  const [, permission] = await getRedis().config('GET', 'unixsocketperm');
  expect({ port, permission }).toEqual({ port: '0', permission: '700' });
});

it('starts again with its data after kill -9, and commands issued meanwhile wait for it', async () => {
  await getRedis().set('kept', 'yes');
  const pid = await readServerPid();
  process.kill(pid, 'SIGKILL');
  expect(await getRedis().get('kept')).toBe('yes');
  expect(await readServerPid()).not.toBe(pid);
});

it('fails while Redis is frozen, and works again afterwards', async () => {
  const pid = await readServerPid();
  process.kill(pid, 'SIGSTOP');
  try {
    await expect(getRedis().get('kept')).rejects.toThrow();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await waitFor(async () => expect(await getRedis().get('kept')).toBe('yes'));
});

it('shares the server of another process, and takes over when that one stops', async () => {
  const pid = await readServerPid();
  const second = await startOne();
  expect(await readServerPid()).toBe(pid);

  await started[0]?.stop();
  await waitFor(async () => expect(await readServerPid()).not.toBe(pid));
  expect(await getRedis().get('kept')).toBe('yes');

  const last = await readServerPid();
  await second.stop();
  expect(isAlive(last)).toBe(false);
  await expect(getRedis().get('kept')).rejects.toThrow();
});

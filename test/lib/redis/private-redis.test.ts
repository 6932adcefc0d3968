/** @jest-environment-options {"redis": ""} */
import { type PrivateRedis, startPrivateRedis } from '../../../lib/redis/private-redis';
import { closeRedis, redis } from '../../../lib/redis/redis';
import { eventually } from '../../support/eventually';
import { isAlive } from '../../support/process';
import { redisProcesses } from '../../support/redis-process';

const started: PrivateRedis[] = [];

async function startOne(): Promise<PrivateRedis> {
  const one = await startPrivateRedis();
  started.push(one);
  return one;
}

async function serverPid(): Promise<number> {
  const [pid = 0] = await redisProcesses();
  return pid;
}

beforeAll(startOne);

afterAll(async () => {
  await closeRedis();
  await Promise.all(started.map((one) => one.stop()));
});

it('listens at a socket that only its user may open, and at no port', async () => {
  const [, port] = await redis().config('GET', 'port');
  const [, permission] = await redis().config('GET', 'unixsocketperm');
  expect({ port, permission }).toEqual({ port: '0', permission: '700' });
});

it('starts again with its data after kill -9, and commands issued meanwhile wait for it', async () => {
  await redis().set('kept', 'yes');
  const pid = await serverPid();
  process.kill(pid, 'SIGKILL');
  expect(await redis().get('kept')).toBe('yes');
  expect(await serverPid()).not.toBe(pid);
});

it('fails within two seconds while Redis is frozen, and works again afterwards', async () => {
  const pid = await serverPid();
  process.kill(pid, 'SIGSTOP');
  const before = Date.now();
  try {
    await expect(redis().get('kept')).rejects.toThrow();
    expect(Date.now() - before).toBeLessThan(2500);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await eventually(async () => expect(await redis().get('kept')).toBe('yes'));
});

it('shares the server of another process, and takes over when that one stops', async () => {
  const pid = await serverPid();
  const second = await startOne();
  expect(await serverPid()).toBe(pid);

  await started[0]?.stop();
  await eventually(async () => expect(await serverPid()).not.toBe(pid));
  expect(await redis().get('kept')).toBe('yes');

  const last = await serverPid();
  await second.stop();
  expect(isAlive(last)).toBe(false);
  await expect(redis().get('kept')).rejects.toThrow();
});

import { readRedisMemory, warnOfFullRedis } from '../../../lib/redis/memory';
import { log } from '../../../log';
import { runCommand } from '../../support/command';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { listRedisNodes } from '../../support/redis-process';

beforeAll(openTestPortal);
afterAll(closeTestPortal);

async function limitMemory(bytes: number): Promise<void> {
  for (const node of await listRedisNodes()) await node.config('SET', 'maxmemory', String(bytes));
}

it('limits the private Redis to 256 MB', async () => {
  expect((await readRedisMemory()).limit).toBe(256 * 1024 * 1024);
});

it('warns once from 80 % on, in the log and by `meisai status`', async () => {
  expect((await runCommand('status')).out).not.toContain('nearly full');
  // A command silences the log, which exchanges its methods.
  const warn = jest.spyOn(log, 'warn');
  await warnOfFullRedis();
  const { used, isNearlyFull } = await readRedisMemory();
  expect(isNearlyFull).toBe(false);

  await limitMemory(Math.round(used * 1.1));
  await warnOfFullRedis();
  await warnOfFullRedis();
  expect(warn).toHaveBeenCalledTimes(1);
  expect((await runCommand('status')).out).toContain('WARNING: nearly full');
  await limitMemory(0);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { bindToParent, hasParentDeathSignal } from '../../../lib/redis/parent-bound';
import { config } from '../../../config';
import { waitFor } from '../../support/eventually';
import { isAlive } from '../../support/process';

const lock = path.join(config.DATA_DIR, 'lock');
const ways = hasParentDeathSignal() ? [true, false] : [false];

/** A Node process that starts the command and prints its number and the command's. */
async function startParent(withSignal: boolean): Promise<{ parent: number; child: number }> {
  // The command is made for the process that starts it, so that process puts its own number in.
  const { program, args } = bindToParent(['sh', '-c', 'echo $$; exec sleep 600'], lock, withSignal);
  const script = `
    const args = ${JSON.stringify(args)}.map((arg) => (arg === '${process.pid}' ? String(process.pid) : arg));
    const child = require('node:child_process').spawn('${program}', args, { stdio: ['pipe', 'inherit', 'inherit'] });`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  return { parent: parent.pid ?? 0, child: Number(line.toString()) };
}

it.each(ways)('ends when its parent is killed with -9 (by signal: %s)', async (withSignal) => {
  const { parent, child } = await startParent(withSignal);
  expect(isAlive(child)).toBe(true);
  process.kill(parent, 'SIGKILL');
  await waitFor(() => expect(isAlive(child)).toBe(false));
});

it.each(ways)('passes SIGTERM on, and reports how the command ended (by signal: %s)', async (withSignal) => {
  const { program, args } = bindToParent(
    ['sh', '-c', 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; done'],
    lock,
    withSignal,
  );
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(7);
});

/** @jest-environment-options {"redis": ""} */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { projectRoot } from '../../config';
import { waitFor } from '../support/eventually';
import { listChildren } from '../kit/processes';
import { isAlive } from '../support/process';

const running: ChildProcess[] = [];

/** Starts the portal as `npm start` does; `output` grows. The first start may have to build dist/. */
function start(
  settings: NodeJS.ProcessEnv,
  args = [path.join('bin', 'start.cjs')],
): { child: ChildProcess; pid: number; output: () => string } {
  const env = { ...process.env, PORT: '0', WORKERS: '1', ...settings };
  const child = spawn(process.execPath, args, { env, cwd: projectRoot });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += String(data)));
  return { child, pid: child.pid ?? 0, output: () => text };
}

async function startReady(settings: NodeJS.ProcessEnv = {}) {
  const started = start(settings);
  const url = await waitFor(() => {
    const found = /Meisai is ready: (\S+)/.exec(started.output())?.[1];
    if (!found) throw new Error(`not ready: ${started.output()}`);
    return found;
  }, 50_000);
  const children = await waitFor(() => {
    const found = listChildren(started.pid);
    expect(found).toHaveLength(2);
    return found;
  });
  return { ...started, url, children };
}

async function startFailing(settings: NodeJS.ProcessEnv): Promise<string> {
  const { child, output } = start(settings);
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(output()).not.toMatch(/^ +at /m);
  return output();
}

afterEach(() => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
});

describe('npm run dev', () => {
  it('starts the portal that tsc goes on building', async () => {
    const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
      scripts: { dev: string };
    };
    const args = / node (--watch [^)]+)\)/.exec(scripts.dev)?.[1]?.split(' ');
    const { child, output } = start({}, args);
    await waitFor(() => expect(output()).toContain('Meisai is ready: '), 50_000);
    child.kill('SIGTERM');
    await once(child, 'exit');
  }, 60_000);
});

describe('npm start', () => {
  it('answers, and ends in order with all that it started at SIGTERM', async () => {
    const { child, url, children } = await startReady();
    expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(children.filter(isAlive)).toEqual([]);
  }, 60_000);

  it('says once, for the worker too, that a setting has a new name', async () => {
    const { child, output } = await startReady({ DEVICE_DAYS: '60' });
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(output().match(/^.*DEVICE_DAYS.*$/gm)).toEqual([
      'meisai: DEVICE_DAYS is now called TRUSTED_DEVICE_DAYS; the old name is still read',
    ]);
  }, 60_000);

  it('leaves nothing running when it is killed with -9', async () => {
    const { child, children } = await startReady();
    child.kill('SIGKILL');
    await waitFor(() => expect(children.filter(isAlive)).toEqual([]));
  }, 60_000);

  it('tells that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const PORT = String((other.address() as AddressInfo).port);
    expect(await startFailing({ PORT })).toContain(`PORT=${PORT} is in use`);
    other.close();
  }, 60_000);

  it('tells that the file store does not answer', async () => {
    const FILE_STORE = 's3://bucket/here?endpoint=http://127.0.0.1:1';
    const keys = { AWS_ACCESS_KEY_ID: 'meisai', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(await startFailing({ FILE_STORE, ...keys })).toContain(
      'The file store s3://bucket/here/ at http://127.0.0.1:1 does not answer: is FILE_STORE right? (ECONNREFUSED)',
    );
  }, 60_000);

  it.each([
    ['DATA_DIR', '/dev/null/data'],
    ['REDIS_URL', 'redis://127.0.0.1:1/'],
    ['DATABASE_URL', 'sqlite:/dev/null/data'],
    ['PASSWORD_DELAY_MINUTES', 'five'],
  ])(
    'tells that %s=%s cannot be used',
    async (name, value) => {
      const shown = name === 'DATABASE_URL' ? value : name;
      expect(await startFailing({ [name]: value })).toContain(shown);
    },
    60_000,
  );
});

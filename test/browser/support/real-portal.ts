import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../config';
import { endChild } from '../../../lib/process/stop-child';
import { workersOf } from '../../kit/processes';
import { eventually } from '../../support/eventually';

/** The portal as `npm start` runs it, with the demonstration, on a port, database and Redis of its own. */
export interface RealPortal {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Keeps the worker from taking up files, until `goOn`. */
  holdWorker(): void;
  goOn(): void;
  /** The bytes of the detail file (CSV) that was made last, from the store. */
  lastFile(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** It starts at 13:20 of 2017年12月05日; a changed password counts after an hour, so that tests can log in again. */
export async function startRealPortal(settings: Record<string, string> = {}): Promise<RealPortal> {
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'meisai-real-'));
  const child = spawn(process.execPath, [path.join(projectRoot, 'bin', 'start.cjs')], {
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', WORKERS: '1', LOG_LEVEL: 'warn' },
      // As npm sets it: the portal ends when the process that has started it ends.
      npm_lifecycle_event: 'start',
      ...{ DATA_DIR, MEISAI_NOW: '2017-12-05T13:20:00+09:00', PASSWORD_DELAY_MINUTES: '60', ...settings },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = async () => {
    await endChild(child);
    await rm(DATA_DIR, { recursive: true, force: true });
  };
  const url = await readyAddress(child).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const signal = (name: NodeJS.Signals) => process.kill(workerOf(child), name);
  return {
    url,
    holdWorker: () => signal('SIGSTOP'),
    goOn: () => signal('SIGCONT'),
    async lastFile() {
      const folder = path.join(DATA_DIR, 'detail-files');
      const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
      const [last = ''] = names.sort((one, other) => parseInt(other, 10) - parseInt(one, 10));
      return readFile(path.join(folder, last));
    },
    async stop() {
      signal('SIGCONT');
      await end();
    },
  };
}

async function readyAddress(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      output += data.toString();
    });
  return eventually(() => {
    const found = /Meisai is ready: (\S+?)\/?\n/.exec(output)?.[1];
    if (!found) throw new Error(`not ready: ${output}`);
    return found;
  }, 80_000);
}

function workerOf(child: ChildProcess): number {
  const [worker] = workersOf(child.pid ?? 0);
  if (!worker) throw new Error('the portal has no worker');
  return worker;
}

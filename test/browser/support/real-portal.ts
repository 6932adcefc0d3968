import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../config';
import { endChild } from '../../kit/stop-child';
import { listWorkers } from '../../kit/processes';
import { waitFor } from '../../support/eventually';

/** The portal as `npm start` runs it, with the demonstration, on a port, database and Redis of its own. */
export interface RealPortal {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Keeps the worker from taking up files, until `goOn`. */
  holdWorker(): void;
  resumeWorker(): void;
  /** The bytes of the detail file (CSV) that was made last, from the store. */
  readLastFile(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** It starts at 13:20 of 2017年12月05日; a changed password counts after an hour, so that tests can log in again. */
export async function startRealPortal(settings: Record<string, string> = {}): Promise<RealPortal> {
  const DATA_DIR = await mkdtemp(path.join(tmpdir(), 'meisai-real-'));
  const child = spawn(process.execPath, [path.join(projectRoot, 'bin', 'start.cjs')], {
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', WORKERS: '1', LOG_LEVEL: 'warn' },
      // npm sets this: the portal then ends with the process that started it.
      npm_lifecycle_event: 'start',
      ...{ DATA_DIR, MEISAI_NOW: '2017-12-05T13:20:00+09:00', PASSWORD_DELAY_MINUTES: '60', ...settings },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = async () => {
    await endChild(child);
    await rm(DATA_DIR, { recursive: true, force: true });
  };
  const url = await waitForUrl(child).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const signalWorker = (name: NodeJS.Signals) => process.kill(findWorker(child), name);
  return {
    url,
    holdWorker: () => signalWorker('SIGSTOP'),
    resumeWorker: () => signalWorker('SIGCONT'),
    async readLastFile() {
      const folder = path.join(DATA_DIR, 'detail-files');
      const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
      const [last = ''] = names.sort((one, other) => parseInt(other, 10) - parseInt(one, 10));
      return readFile(path.join(folder, last));
    },
    async stop() {
      signalWorker('SIGCONT');
      await end();
    },
  };
}

async function waitForUrl(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      output += data.toString();
    });
  return waitFor(() => {
    const found = /Meisai is ready: (\S+?)\/?\n/.exec(output)?.[1];
    if (!found) throw new Error(`not ready: ${output}`);
    return found;
  }, 80_000);
}

function findWorker(child: ChildProcess): number {
  const [worker] = listWorkers(child.pid ?? 0);
  if (!worker) throw new Error('the portal has no worker');
  return worker;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { config, projectRoot } from '../../config';
import { log } from '../../log';
import { getClockSetting } from '../../lib/values/clock';

export interface WorkerProcesses {
  /** Asks the workers to finish what they are doing; after 9 s they are killed (a job is safe to run twice). */
  stop(): Promise<void>;
}

const TIMEOUT_MS = 9000;
const MIN_DELAY_MS = 200;
const MAX_DELAY_MS = 5000;

// The channel to the parent closes even when the parent is killed with -9.
const END_WITH_PARENT = `data:text/javascript,process.on('disconnect', () => process.exit(1))`;

const workerCommand = [
  ...['--require', path.join(projectRoot, 'bin', 'worker-memory.cjs')],
  ...[path.join(projectRoot, 'dist', 'bin', 'meisai.js'), 'worker'],
];

/** Starts `count` processes of `meisai worker` and restarts them when they die. */
export function startWorkerProcesses(count = config.WORKERS, command = workerCommand): WorkerProcesses {
  const stopping = new AbortController();
  const workers = Array.from({ length: count }, () => superviseWorker(command, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(workers);
    },
  };
}

async function superviseWorker(command: string[], stopping: AbortSignal): Promise<void> {
  const isStopping = () => stopping.aborted;
  let wait = MIN_DELAY_MS;
  while (!isStopping()) {
    const started = Date.now();
    const worker = startWorkerProcess(command);
    await waitForEnd(worker, stopping);
    if (isStopping()) return;
    if (Date.now() - started > MAX_DELAY_MS) wait = MIN_DELAY_MS;
    log.error(
      { exitCode: worker.exitCode, signal: worker.signalCode },
      `worker ended; another starts in ${wait} ms`,
    );
    await delay(wait, undefined, { signal: stopping }).catch(() => undefined);
    wait = Math.min(wait * 2, MAX_DELAY_MS);
  }
}

function startWorkerProcess(command: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', END_WITH_PARENT, ...command], {
    // A session of its own: Ctrl-C in a terminal is for the portal, which then stops its workers.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, MEISAI_NOW: getClockSetting() },
  });
}

/** Waits until the worker has ended, and ends it when `stopping` is aborted. */
async function waitForEnd(worker: ChildProcess, stopping: AbortSignal): Promise<void> {
  let killTimer: NodeJS.Timeout | undefined;
  const end = () => {
    worker.kill('SIGTERM');
    killTimer = setTimeout(() => worker.kill('SIGKILL'), TIMEOUT_MS);
  };
  stopping.addEventListener('abort', end, { once: true });
  await once(worker, 'exit').catch((error: unknown) =>
    log.error({ err: error }, 'worker could not be started'),
  );
  stopping.removeEventListener('abort', end);
  clearTimeout(killTimer);
}

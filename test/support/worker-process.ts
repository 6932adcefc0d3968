import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../config';
import { endChild } from '../kit/stop-child';
import { getClockSetting } from '../../lib/values/clock';

export interface WorkerProcess {
  child: ChildProcess;
  /** Everything it has logged. */
  getLog: () => string;
  /** Sends the signal and waits for the end; gives the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** A real `meisai worker` of this test file's portal. `limits` are those of ulimit: '-f 100'. */
export function startWorkerProcess(limits?: string): WorkerProcess {
  const command = [process.execPath, path.join(projectRoot, 'dist', 'bin', 'meisai.js'), 'worker'];
  const [program = '', ...args] = limits
    ? ['sh', '-c', `ulimit ${limits} && exec "$0" "$@"`, ...command]
    : command;
  const child = spawn(program, args, {
    env: { ...process.env, LOG_LEVEL: 'info', MEISAI_NOW: getClockSetting() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      written += data.toString();
    });
  return {
    child,
    getLog: () => written,
    async end(signal) {
      await endChild(child, signal);
      return child.exitCode;
    },
  };
}

/** For afterEach: none outlives its test. */
export async function killWorkerProcesses(): Promise<void> {
  await Promise.all([...running].map((child) => endChild(child, 'SIGKILL')));
}

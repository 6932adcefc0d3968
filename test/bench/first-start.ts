import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../config';
import { runShell } from './reference';
import type { BenchContext } from './context';

const TIMEOUT_MS = 20 * 60_000;

/** What `npm start` takes where nobody has installed anything: the time until it answers, and the disk that is full then. */
export async function measureFirstStart(bench: BenchContext): Promise<void> {
  const folder = path.join(bench.folder, 'first-start');
  mkdirSync(folder);
  bench.say('the first start, with an empty cache of npm');
  await runShell('cd "$ROOT" && git ls-files -z | xargs -0 cp --parents -t "$FOLDER"', {
    ROOT: projectRoot,
    FOLDER: folder,
  });
  const started = performance.now();
  const npm = startPortal(folder, path.join(bench.folder, 'npm-cache'));
  await untilReady(npm);
  const seconds = (performance.now() - started) / 1000;
  const bytes = await runShell('du -sb "$FOLDER" | cut -f1', { FOLDER: folder });
  process.kill(-(npm.pid ?? 0), 'SIGTERM');
  await once(npm, 'exit');
  const note = 'packages come by the network; what Debian installs is not counted';
  bench.add('first-start', 'any', {
    ours: [{ seconds, cpu: 0 }],
    decides: 'seconds',
    disk: Number(bytes),
    note,
  });
}

/** A group of its own, so that what npm has started ends with it. */
function startPortal(folder: string, cache: string): ChildProcess {
  const { PATH, HOME } = process.env;
  return spawn('npm', ['start'], {
    cwd: folder,
    env: { PATH, HOME, PORT: '0', npm_config_cache: cache },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
}

function untilReady(npm: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address in ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    npm.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)));
    npm.stdout?.on('data', (data: Buffer) => {
      if (!data.toString().includes('http://')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

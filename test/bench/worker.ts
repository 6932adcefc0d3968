import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProgram } from '../kit/installation';
import { takeTurns } from '../kit/turns';
import type { BenchContext } from './context';
import type { Engine } from './engine';
import { RequestedFiles } from './requested-files';
import type { StoredMonth } from './stored-month';

const MIN_ROWS_FOR_KILL = 20_000;

/** Times what a customer waits for a small file, and what a killed worker costs. */
export async function measureWorker(bench: BenchContext, engine: Engine): Promise<void> {
  const stored = await bench.openStoredMonth(engine);
  const portal = await stored.installation.startPortal();
  const worker = stored.installation.startWorker();
  const files = new RequestedFiles(bench, stored);
  const ten = await stored.logIn(portal.url, 'ten');
  // The first waits until the worker is there.
  await files.measureBuild(ten, 'ten', worker);
  const { ours } = await takeTurns(bench.rounds, undefined, () => files.measureBuild(ten, 'ten', worker));
  bench.add('first-file', engine.name, { ours });
  if (bench.rows >= MIN_ROWS_FOR_KILL) await measureKill(bench, stored, portal.url, worker);
  else {
    bench.leaveOut('worker-kill', engine.name, 'such a small file is made before its worker can be killed');
    await worker.end();
  }
  await portal.end();
}

async function measureKill(
  bench: BenchContext,
  stored: StoredMonth,
  url: string,
  worker: RunningProgram,
): Promise<void> {
  const files = new RequestedFiles(bench, stored);
  const folder = path.join(stored.installation.folder, 'detail-files');
  const customer = await stored.logIn(url, 'month');
  await files.request(customer, 'month');
  const before = new Set(await waitUntilWriting(folder));
  await worker.end('SIGKILL');
  const killed = performance.now();
  const next = stored.installation.startWorker();
  await waitUntilWriting(folder, before);
  const seconds = (performance.now() - killed) / 1000;
  const note = 'includes the start of another worker';
  bench.add('worker-kill', stored.engine.name, { ours: [{ seconds, cpu: 0 }], decides: 'seconds', note });
  await files.waitUntil(customer, 'format=utf8-zip"');
  await next.end();
}

/** Waits until a file is being written, other than those of a killed worker; gives the names of all. */
async function waitUntilWriting(folder: string, old: ReadonlySet<string> = new Set()): Promise<string[]> {
  for (;;) {
    const names = readdirSync(folder).filter((name) => name.endsWith('partial') && !old.has(name));
    if (names.some((name) => (statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0))
      return names;
    await delay(5);
  }
}

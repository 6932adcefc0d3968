import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BenchContext, logInCustomer } from './context';
import { RequestedFiles } from './files';
import { runInTurns } from '../kit/turns';

/** Times what a customer waits for a small file, and what a killed worker costs. */
export async function measureWorker(bench: BenchContext): Promise<void> {
  const portal = await bench.sqlite.startPortal();
  const worker = bench.sqlite.startWorker();
  const files = new RequestedFiles(bench, bench.sqlite);
  const ten = await logInCustomer(bench.sqlite, portal.url, 'ten');
  const { ours } = await runInTurns(bench.rounds, undefined, () => files.timeBuild(ten, 'ten'));
  bench.add({ work: 'from 「明細作成」 to ready, 10 calls', ours, target: '< 1 s' });
  await measureKill(bench, portal.url, files, worker);
  await portal.end();
}

type Worker = ReturnType<BenchContext['sqlite']['startWorker']>;

async function measureKill(
  bench: BenchContext,
  url: string,
  files: RequestedFiles,
  worker: Worker,
): Promise<void> {
  const store = path.join(bench.sqlite.folder, 'detail-files');
  const customer = await logInCustomer(bench.sqlite, url, 'month');
  await files.request(customer, 'month');
  const before = new Set(await waitUntilWriting(store));
  await worker.end('SIGKILL');
  const killed = performance.now();
  const next = bench.sqlite.startWorker();
  await waitUntilWriting(store, before);
  bench.add({
    work: 'worker killed in mid-file, until taken up again',
    ours: (performance.now() - killed) / 1000,
    target: '< 15 s',
    note: 'includes the start of another worker',
  });
  await files.waitUntil(customer, 'format=utf8-zip"');
  await next.end();
}

/** Waits until a file is being written, other than those of a killed worker; gives the names of all. */
async function waitUntilWriting(store: string, old: ReadonlySet<string> = new Set()): Promise<string[]> {
  for (;;) {
    const names = readdirSync(store).filter((name) => name.endsWith('partial') && !old.has(name));
    if (names.some((name) => (statSync(path.join(store, name), { throwIfNoEntry: false })?.size ?? 0) > 0))
      return names;
    await delay(5);
  }
}

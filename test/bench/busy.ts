import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeCallsFile } from '../kit/calls-file';
import { type BenchContext, customerOf, numbersOf } from './context';
import { RequestedFiles } from './files';
import { loadOn, type PageLoad, percentilesText } from './page-load';
import { secondsOf } from '../kit/turns';
import { AnswerError, type Visitor } from '../kit/visitor';

const CLIENTS = [50, 200];

/** Times pages for many clients at once, first in peace, then each while a file is made and calls are imported. */
export async function measureBusy(bench: BenchContext, url: string, customer: Visitor): Promise<void> {
  const files = new RequestedFiles(bench, bench.sqlite);
  // Without a worker it waits, and its page tells its place in the queue.
  await files.request(customer, 'month');
  const loads = loadsOf(bench, url);
  // V8 compiles a page while it is asked for: a first time does not count.
  for (const { address, clients } of loads)
    if (clients === CLIENTS[0]) await loadOn(address, customer, clients);
  const idle = new Map<string, PageLoad>();
  for (const { name, address, clients } of loads) idle.set(name, await loadOn(address, customer, clients));
  const worker = bench.sqlite.startWorker();
  for (const { name, address, clients } of loads) {
    await files.until(customer, 'format=utf8-zip"');
    await files.request(customer, 'month');
    const file = await writeCalls(bench, name);
    const imported = importing(bench, file);
    const busy = await loadOn(address, customer, clients);
    addTo(bench, name, idle.get(name) ?? busy, busy, imported.isRunning);
    await imported.end;
  }
  await measureWrites(bench, url);
  await worker.end();
}

function loadsOf({ month }: BenchContext, url: string) {
  const pages = Object.entries({
    S6: 'charges',
    S7: `charges/${month}`,
    S8: `calls/${month}`,
    'a file’s status': `detail-files/calls/${month}`,
  });
  return CLIENTS.flatMap((clients) =>
    pages.map(([page, address]) => ({
      name: `${page}, ${clients} clients`,
      address: `${url}selfpage/${address}`,
      clients,
    })),
  );
}

function addTo(bench: BenchContext, name: string, idle: PageLoad, busy: PageLoad, isBusy: boolean): void {
  bench.add({
    work: `${name}: p99 while a file is made and calls are imported / idle`,
    reference: idle.p99,
    ours: busy.p99,
    ratio: busy.p99 / idle.p99,
    target: '≤ 5',
    rate: busy.perSecond,
    note: `p50 / p95 / p99: idle ${percentilesText(idle)}, busy ${percentilesText(busy)}${isBusy ? '' : '; the import ended sooner'}`,
  });
}

const writeCalls = async (bench: BenchContext, seed: string): Promise<string> => {
  const file = await writeCallsFile(path.join(bench.folder, 'busy.csv'), {
    rows: bench.rows,
    numbers: numbersOf('ten'),
    month: bench.month,
    seed: seed.replace(/\W+/g, '-'),
  });
  return file.path;
};

function importing(bench: BenchContext, file: string) {
  const run = { isRunning: true, end: Promise.resolve() };
  run.end = bench.sqlite.command('import', 'calls', file).then(() => {
    run.isRunning = false;
  });
  return run;
}

/** Presses 「明細作成」 again and again until an import is through: SQLite lets one write at a time. */
async function measureWrites(bench: BenchContext, url: string): Promise<void> {
  const customer = await customerOf(bench.sqlite, url, 'small');
  const address = `/selfpage/detail-files/fees/${bench.month}/request`;
  await customer.get('/selfpage/charges');
  const imported = importing(bench, await writeCalls(bench, 'writes'));
  const waits: number[] = [];
  let refused = 0;
  const press = () =>
    customer.post(address).catch((error: unknown) => {
      if (!(error instanceof AnswerError)) throw error;
      refused += 1;
    });
  while (imported.isRunning) {
    waits.push(await secondsOf(press));
    await delay(50);
  }
  bench.add({
    work: '「明細作成」 pressed while calls are imported: the longest of all',
    ours: Math.max(...waits),
    note: `${refused} of ${waits.length} were refused`,
  });
  await imported.end;
}

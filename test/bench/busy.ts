import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeCallsFile } from '../kit/calls-file';
import { type BenchContext, logInCustomer, listBenchNumbers } from './context';
import { RequestedFiles } from './files';
import { measurePageLoad, type PageLoad, formatPercentiles } from './page-load';
import { measureSeconds } from '../kit/turns';
import { AnswerError, type Visitor } from '../kit/visitor';

const CLIENTS = [50, 200];

/** Times pages for many clients at once, first in peace, then each while a file is made and calls are imported. */
export async function measureBusy(bench: BenchContext, url: string, customer: Visitor): Promise<void> {
  const files = new RequestedFiles(bench, bench.sqlite);
  // Without a worker it waits, and its page tells its place in the queue.
  await files.request(customer, 'month');
  const loads = listLoads(bench, url);
  // V8 compiles a page while it is asked for: a first time does not count.
  for (const { address, clients } of loads)
    if (clients === CLIENTS[0]) await measurePageLoad(address, customer, clients);
  const idle = new Map<string, PageLoad>();
  for (const { name, address, clients } of loads)
    idle.set(name, await measurePageLoad(address, customer, clients));
  const worker = bench.sqlite.startWorker();
  for (const { name, address, clients } of loads) {
    await files.waitUntil(customer, 'format=utf8-zip"');
    await files.request(customer, 'month');
    const file = await writeCalls(bench, name);
    const importRun = startImport(bench, file);
    const busy = await measurePageLoad(address, customer, clients);
    addMeasurement(bench, name, idle.get(name) ?? busy, busy, importRun.isRunning);
    await importRun.end;
  }
  await measureWrites(bench, url);
  await worker.end();
}

function listLoads({ month }: BenchContext, url: string) {
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

function addMeasurement(
  bench: BenchContext,
  name: string,
  idle: PageLoad,
  busy: PageLoad,
  isBusy: boolean,
): void {
  bench.add({
    work: `${name}: p99 while a file is made and calls are imported / idle`,
    reference: idle.p99,
    ours: busy.p99,
    ratio: busy.p99 / idle.p99,
    target: '≤ 5',
    rate: busy.perSecond,
    note: `p50 / p95 / p99: idle ${formatPercentiles(idle)}, busy ${formatPercentiles(busy)}${isBusy ? '' : '; the import ended sooner'}`,
  });
}

const writeCalls = async (bench: BenchContext, seed: string): Promise<string> => {
  const file = await writeCallsFile(path.join(bench.folder, 'busy.csv'), {
    rows: bench.rows,
    numbers: listBenchNumbers('ten'),
    month: bench.month,
    seed: seed.replace(/\W+/g, '-'),
  });
  return file.path;
};

function startImport(bench: BenchContext, file: string) {
  const run = { isRunning: true, end: Promise.resolve() };
  run.end = bench.sqlite.runCommand('import', 'calls', file).then(() => {
    run.isRunning = false;
  });
  return run;
}

/** Presses 「明細作成」 again and again until an import is through: SQLite lets one write at a time. */
async function measureWrites(bench: BenchContext, url: string): Promise<void> {
  const customer = await logInCustomer(bench.sqlite, url, 'small');
  const address = `/selfpage/detail-files/fees/${bench.month}/request`;
  await customer.get('/selfpage/charges');
  const importRun = startImport(bench, await writeCalls(bench, 'writes'));
  const waits: number[] = [];
  let refused = 0;
  const press = () =>
    customer.post(address).catch((error: unknown) => {
      if (!(error instanceof AnswerError)) throw error;
      refused += 1;
    });
  while (importRun.isRunning) {
    waits.push(await measureSeconds(press));
    await delay(50);
  }
  bench.add({
    work: '「明細作成」 pressed while calls are imported: the longest of all',
    ours: Math.max(...waits),
    note: `${refused} of ${waits.length} were refused`,
  });
  await importRun.end;
}

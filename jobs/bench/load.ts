import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { default as Autocannon } from 'autocannon';
import { writeCallsFile } from './calls-file';
import { type BenchContext, customerOf, numbersOf } from './context';
import { RequestedFiles } from './files';
import { tableSizeOf } from './table-size';
import { inTurns, secondsOf } from './turns';
import { Visitor } from './visitor';

const CLIENTS = 10;
const SECONDS = 4;

interface Load {
  perSecond: number;
  /** Seconds. */
  p99: number;
}

/** What the portal stands beside many customers, and while a file is made and calls are imported. */
export async function measureLoad(bench: BenchContext): Promise<void> {
  const portal = await bench.sqlite.startPortal();
  bench.running(portal);
  const customer = await customerOf(bench.sqlite, portal.url, 'month');
  await measureBarePage(bench, portal.url, customer);
  await measureBusy(bench, portal.url, customer);
  await portal.end();
}

async function measureBarePage(bench: BenchContext, url: string, customer: Visitor): Promise<void> {
  const html = await customer.get('/selfpage/charges');
  mkdirSync(path.join(bench.sqlite.folder, 'bare-views'), { recursive: true });
  const bare = await bench.sqlite.startBarePage(tableSizeOf(html));
  bench.running(bare);
  const visitor = new Visitor(bare.url);
  await visitor.get('/login');
  const times = await inTurns(
    bench.rounds,
    async () => 1 / (await loadOn(`${bare.url}page`, visitor)).perSecond,
    async () => 1 / (await loadOn(`${url}selfpage/charges`, customer)).perSecond,
  );
  await bare.end();
  bench.add({
    work: 'S6 / a bare page of Express, EJS and session: time a request',
    ...times,
    ratio: (times.reference ?? 0) / times.ours,
    target: '≥ 0.7',
    rate: 1 / times.ours,
  });
}

async function measureBusy(bench: BenchContext, url: string, customer: Visitor): Promise<void> {
  const addresses = { S6: `${url}selfpage/charges`, S8: `${url}selfpage/calls/${bench.month}` };
  const idle = new Map<string, number>();
  for (const [page, address] of Object.entries(addresses))
    idle.set(page, (await loadOn(address, customer)).p99);
  const file = await writeCallsFile(path.join(bench.folder, 'busy.csv'), {
    rows: bench.rows,
    numbers: numbersOf('ten'),
    month: bench.month,
    seed: 'busy',
  });
  const worker = bench.sqlite.startWorker();
  const files = new RequestedFiles(bench, bench.sqlite);
  await files.request(customer, 'month');
  const imported = bench.sqlite.command('import', 'calls', file.path);
  const writes = watchWrites(bench, await customerOf(bench.sqlite, url, 'small'), imported);
  for (const [page, address] of Object.entries(addresses)) {
    const { p99 } = await loadOn(address, customer);
    const reference = idle.get(page) ?? 0;
    bench.add({
      work: `${page}: p99 while a file is made and calls are imported / idle`,
      reference,
      ours: p99,
      ratio: p99 / reference,
      target: '≤ 5',
    });
  }
  await writes;
  await files.until(customer, 'format=utf8-zip"');
  await worker.end();
}

/** Presses 「明細作成」 again and again until the import is through: SQLite lets one write at a time. */
async function watchWrites(
  bench: BenchContext,
  customer: Visitor,
  imported: Promise<unknown>,
): Promise<void> {
  const address = `/selfpage/detail-files/fees/${bench.month}/request`;
  const importing = { now: true };
  void imported.finally(() => (importing.now = false));
  await customer.get('/selfpage/charges');
  const waits: number[] = [];
  let refused = 0;
  while (importing.now) {
    waits.push(
      await secondsOf(() =>
        customer.post(address).catch(() => {
          refused += 1;
        }),
      ),
    );
    await delay(50);
  }
  bench.add({
    work: '「明細作成」 pressed while calls are imported: the longest of all',
    ours: Math.max(...waits),
    target: '< 4 s',
    note: `${refused} of ${waits.length} answered 503`,
  });
  await imported;
}

/** Asks for one page by several clients for some seconds, on this machine's own address. */
async function loadOn(url: string, visitor: Visitor): Promise<Load> {
  // A dependency of development: the portal does without it.
  const { default: autocannon } = (await import('autocannon')) as unknown as { default: typeof Autocannon };
  const result = await autocannon({ url, connections: CLIENTS, duration: SECONDS, headers: visitor.headers });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return { perSecond: result.requests.average, p99: result.latency.p99 / 1000 };
}

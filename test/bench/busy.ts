import { rmSync } from 'node:fs';
import type { RunningProgram, RunningServer } from '../kit/installation';
import type { Visitor } from '../kit/visitor';
import type { BenchContext } from './context';
import type { Engine } from './engine';
import { formatPercentiles, measurePageLoad, type PageLoad } from './page-load';
import { RequestedFiles } from './requested-files';
import { CLIENTS } from './rows';
import type { StoredMonth } from './stored-month';

/** A row of the report: one page, for so many clients at once. */
interface Load {
  id: string;
  page: string;
  clients: number;
}

/** Times pages for many clients at once, first in peace, then each while a file is made and calls are imported. */
export async function measureBusyPages(bench: BenchContext, engine: Engine): Promise<void> {
  const stored = await bench.openStoredMonth(engine);
  const portal = await stored.installation.startPortal();
  const customer = await stored.logIn(portal.url, 'month');
  const files = new RequestedFiles(bench, stored);
  // Without a worker it waits, and its page tells its place in the queue.
  await files.request(customer, 'month');
  const idle = await measureIdle(bench, portal, customer);
  const worker = stored.installation.startWorker();
  for (const load of listLoads(bench)) {
    await files.waitUntil(customer, 'format=utf8-zip"');
    await files.request(customer, 'month');
    const busyImport = await startImport(bench, stored, load.id);
    const busy = await measure(bench, portal, customer, load);
    addRow(bench, engine, load.id, idle.get(load.id), busy, busyImport.isRunning());
    await busyImport.program.ended;
  }
  await files.waitUntil(customer, 'format=utf8-zip"');
  await worker.end();
  await portal.end();
}

const listLoads = ({ month }: BenchContext): Load[] =>
  CLIENTS.flatMap((clients) =>
    ['charges', `charges/${month}`, `calls/${month}`, `detail-files/calls/${month}`].map((page, index) => ({
      id: `busy-${clients}-${index}`,
      page: `/selfpage/${page}`,
      clients,
    })),
  );

const measure = (bench: BenchContext, portal: RunningServer, customer: Visitor, { page, clients }: Load) =>
  measurePageLoad(portal, page, customer, { clients, seconds: bench.loadSeconds });

async function measureIdle(
  bench: BenchContext,
  portal: RunningServer,
  customer: Visitor,
): Promise<Map<string, PageLoad>> {
  const loads = listLoads(bench);
  // V8 compiles a page while it is asked for: a first time does not count.
  for (const load of loads) if (load.clients === CLIENTS[0]) await measure(bench, portal, customer, load);
  const idle = new Map<string, PageLoad>();
  for (const load of loads) idle.set(load.id, await measure(bench, portal, customer, load));
  return idle;
}

async function startImport(bench: BenchContext, stored: StoredMonth, seed: string) {
  const file = await stored.writeCalls('ten', bench.rows, seed);
  const program: RunningProgram = stored.installation.startCommand('import', 'calls', file);
  let isRunning = true;
  void program.ended.then(() => {
    isRunning = false;
    rmSync(file);
  });
  return { program, isRunning: () => isRunning };
}

function addRow(
  bench: BenchContext,
  engine: Engine,
  id: string,
  idle: PageLoad | undefined,
  busy: PageLoad,
  wasBusy: boolean,
): void {
  const percentiles = `p50 / p95 / p99: idle ${formatPercentiles(idle ?? busy)}, busy ${formatPercentiles(busy)}`;
  bench.add(id, engine.name, {
    ours: [{ seconds: busy.p99, cpu: busy.cpu }],
    reference: [{ seconds: (idle ?? busy).p99, cpu: (idle ?? busy).cpu }],
    decides: 'seconds',
    perSecond: busy.perSecond,
    note: wasBusy ? percentiles : `${percentiles}; the import ended sooner`,
  });
}

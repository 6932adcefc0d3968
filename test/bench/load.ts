import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { measureBusy } from './busy';
import { type BenchContext, logInCustomer } from './context';
import { measurePageLoad } from './page-load';
import { measureTableSize } from './table-size';
import { runInTurns } from '../kit/turns';
import { Visitor } from '../kit/visitor';

const CLIENTS = 10;

/** What the portal stands beside a page without a portal, and with many customers at once. */
export async function measureLoad(bench: BenchContext): Promise<void> {
  const portal = await bench.sqlite.startPortal();
  const customer = await logInCustomer(bench.sqlite, portal.url, 'month');
  await measureBarePage(bench, portal.url, customer);
  await measureBusy(bench, portal.url, customer);
  await portal.end();
}

async function measureBarePage(bench: BenchContext, url: string, customer: Visitor): Promise<void> {
  const html = await customer.get('/selfpage/charges');
  mkdirSync(path.join(bench.sqlite.folder, 'bare-views'), { recursive: true });
  const bare = await bench.sqlite.startBarePage(measureTableSize(html));
  const visitor = new Visitor(bare.url);
  await visitor.get('/login');
  const timeBare = async () => 1 / (await measurePageLoad(`${bare.url}page`, visitor, CLIENTS)).perSecond;
  const timeOurs = async () =>
    1 / (await measurePageLoad(`${url}selfpage/charges`, customer, CLIENTS)).perSecond;
  // Both are compiled by V8 while they run: a first round of each does not count.
  await runInTurns(1, timeBare, timeOurs);
  const times = await runInTurns(bench.rounds, timeBare, timeOurs);
  await bare.end();
  bench.add({
    work: 'S6 / a bare page of Express, EJS and session: time a request',
    ...times,
    ratio: (times.reference ?? 0) / times.ours,
    target: '≥ 0.7',
    rate: 1 / times.ours,
  });
}

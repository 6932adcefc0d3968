import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { measureBusy } from './busy';
import { type BenchContext, customerOf } from './context';
import { loadOn } from './page-load';
import { tableSizeOf } from './table-size';
import { inTurns } from '../kit/turns';
import { Visitor } from '../kit/visitor';

const CLIENTS = 10;

/** What the portal stands beside a page without a portal, and with many customers at once. */
export async function measureLoad(bench: BenchContext): Promise<void> {
  const portal = await bench.sqlite.startPortal();
  const customer = await customerOf(bench.sqlite, portal.url, 'month');
  await measureBarePage(bench, portal.url, customer);
  await measureBusy(bench, portal.url, customer);
  await portal.end();
}

async function measureBarePage(bench: BenchContext, url: string, customer: Visitor): Promise<void> {
  const html = await customer.get('/selfpage/charges');
  mkdirSync(path.join(bench.sqlite.folder, 'bare-views'), { recursive: true });
  const bare = await bench.sqlite.startBarePage(tableSizeOf(html));
  const visitor = new Visitor(bare.url);
  await visitor.get('/login');
  const secondsOfBare = async () => 1 / (await loadOn(`${bare.url}page`, visitor, CLIENTS)).perSecond;
  const secondsOfOurs = async () => 1 / (await loadOn(`${url}selfpage/charges`, customer, CLIENTS)).perSecond;
  // Both are compiled by V8 while they run: a first round of each does not count.
  await inTurns(1, secondsOfBare, secondsOfOurs);
  const times = await inTurns(bench.rounds, secondsOfBare, secondsOfOurs);
  await bare.end();
  bench.add({
    work: 'S6 / a bare page of Express, EJS and session: time a request',
    ...times,
    ratio: (times.reference ?? 0) / times.ours,
    target: '≥ 0.7',
    rate: 1 / times.ours,
  });
}

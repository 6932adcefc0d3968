import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { RunningServer } from '../kit/installation';
import type { Cost } from '../kit/measured-process';
import { takeTurns } from '../kit/turns';
import { Visitor } from '../kit/visitor';
import type { BenchContext } from './context';
import type { Engine } from './engine';
import { measurePageLoad } from './page-load';
import { measureTableSize } from './table-size';

const CLIENTS = 10;

/** Compares the portal with a page without a portal, both with gzip. */
export async function measureGzippedPage(bench: BenchContext, engine: Engine): Promise<void> {
  const stored = await bench.openStoredMonth(engine);
  const { installation } = stored;
  const portal = await installation.startPortal();
  const customer = await stored.logIn(portal.url, 'month');
  const html = await customer.get('/selfpage/charges');
  mkdirSync(path.join(installation.folder, 'bare-views'), { recursive: true });
  const bare = await installation.startScript(
    path.join(__dirname, 'bare-page.ts'),
    JSON.stringify(measureTableSize(html)),
  );
  const visitor = new Visitor(bare.url);
  await visitor.get('/login');
  const measure = async (server: RunningServer, page: string, who: Visitor): Promise<Cost> => {
    const options = { clients: CLIENTS, seconds: bench.loadSeconds };
    const { cpu, perSecond } = await measurePageLoad(server, page, who, options);
    return { cpu, seconds: 1 / perSecond };
  };
  const measureBare = () => measure(bare, '/page', visitor);
  const measureOurs = () => measure(portal, '/selfpage/charges', customer);
  // Both are compiled by V8 while they run: a first round of each does not count.
  await takeTurns(1, measureBare, measureOurs);
  const turns = await takeTurns(bench.rounds, measureBare, measureOurs);
  await bare.end();
  await portal.end();
  bench.add('page-gzip', engine.name, { ...turns, lines: 1, note: 'of one request; without Redis' });
}

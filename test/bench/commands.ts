import path from 'node:path';
import { projectRoot } from '../../config';
import { readTreeCpu } from '../kit/cpu';
import type { Installation } from '../kit/installation';
import type { Cost } from '../kit/measured-process';
import { takeTurns } from '../kit/turns';
import type { BenchContext } from './context';
import type { Engine } from './engine';
import type { Row } from './rows';

const MEISAI = path.join(projectRoot, 'bin', 'meisai.cjs');
/** They are short, and so their figures need more of them: 7 for 3 rounds. */
const countRepeats = (rounds: number): number => 3 * rounds - 2;

/** Measures the cost to start Node, the command line and the portal. */
export async function measureCommands(
  bench: BenchContext,
  engine: Engine,
  rows: readonly Row[],
): Promise<void> {
  const database = await engine.create('commands');
  const { installation } = database;
  await installation.runCommand('migrate');
  const compare = async (id: string, ours: () => Promise<Cost>) => {
    const on = rows.find((row) => row.id === id && 'any' in row.on) ? 'any' : engine.name;
    if (!rows.some((row) => row.id === id)) return;
    const turns = await takeTurns(
      countRepeats(bench.rounds),
      () => installation.measureNode('-e', '0'),
      ours,
    );
    bench.add(id, on, turns);
  };
  await compare('start', () => measureStart(installation));
  const portal = await installation.startPortal();
  await compare('help', () => installation.measureNode(MEISAI, '--help'));
  await compare('status', () => installation.measureNode(MEISAI, 'status'));
  await portal.end();
  await database.drop();
}

/** Measures the time until it prints its address, with its Redis. */
async function measureStart(installation: Installation): Promise<Cost> {
  const started = performance.now();
  const portal = await installation.startPortal();
  const seconds = (performance.now() - started) / 1000;
  const cost = { seconds, cpu: readTreeCpu(portal.pid), memory: portal.getPeakMemory() };
  await portal.end();
  return cost;
}

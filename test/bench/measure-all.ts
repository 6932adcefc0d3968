import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PostgresCluster } from '../faults/postgres-cluster';
import { onInterruption } from '../kit/interruption';
import { endMeasuredProcesses } from '../kit/measured-process';
import type { BenchOptions } from './bench-options';
import { measureBusyPages } from './busy';
import { measureCommands } from './commands';
import { type BenchContext, openBench } from './context';
import type { Engine } from './engine';
import { measureFiles } from './files';
import { measureFirstStart } from './first-start';
import { measureGrowth } from './growth';
import { measureGzippedPage } from './gzip';
import { measureImports } from './imports';
import { Ledger } from './ledger';
import { measurePages } from './pages';
import { listMissingTools } from './reference';
import { type BenchReport, describeCommit, describeMachine } from './report';
import { listRows, PARTS, type Row } from './rows';
import { measureWorker } from './worker';
import { measureWrites } from './writes';

/** Measures the rows of one part on one database; those that no database has a part in belong to the first. */
type Part = (bench: BenchContext, engine: Engine, rows: readonly Row[]) => Promise<void>;

const parts: Record<string, Part> = {
  charged: measureImports,
  raw: measureImports,
  history: measureImports,
  orders: measureImports,
  numbers: measureImports,
  files: measureFiles,
  pages: measurePages,
  worker: measureWorker,
  gzip: measureGzippedPage,
  busy: measureBusyPages,
  writes: measureWrites,
  commands: measureCommands,
  'first-start': measureFirstStart,
  growth: measureGrowth,
};

const TOOLS = ['sqlite3', 'psql', 'iconv'];

/**
 * Reference and ours in turns, on data of its own, in a folder of its own that goes at the end. A part that fails is told,
 * makes the exit code 1, and leaves the others alone.
 */
export async function measureAll(options: BenchOptions, say: (words: string) => void): Promise<BenchReport> {
  const missing = listMissingTools(TOOLS);
  const cluster = options.database === undefined ? await startPostgres(say) : undefined;
  const server = options.database ?? cluster?.url;
  const folder = mkdtempSync(path.join(tmpdir(), 'meisai-bench-'));
  const ledger = new Ledger();
  const bench = await openBench(options, { folder, missing, server, ledger, say });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= bench.close().finally(() => cluster?.close()));
  // A portal or a worker would run on, and take the work of the next bench.
  onInterruption(() => {
    say('interrupted: taking away what was made');
    return endMeasuredProcesses().then(close);
  });
  const rows = listRows(options.large);
  try {
    for (const part of options.large ? ['growth'] : (options.only ?? PARTS))
      await measurePart(bench, part, rows, ledger);
  } finally {
    await close();
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    commit: describeCommit(),
    rows: options.rows,
    rounds: options.rounds,
    skipped: [
      ...missing.map((tool) => `what is compared with ${tool}, which is not installed`),
      ...bench.unseen,
    ],
    results: ledger.buildResults(rows, options),
  };
}

async function measurePart(
  bench: BenchContext,
  name: string,
  rows: readonly Row[],
  ledger: Ledger,
): Promise<void> {
  for (const [index, engine] of bench.engines.entries()) {
    const wanted = rows.filter(
      ({ part, on }) => part === name && (engine.name in on || ('any' in on && index === 0)),
    );
    if (wanted.length === 0) continue;
    try {
      await parts[name]?.(bench, engine, wanted);
    } catch (error) {
      bench.say(`${name}, ${engine.name}: ${error instanceof Error ? error.stack : String(error)}`);
      ledger.fail(wanted, engine.name, error);
      await engine.endPrograms();
      process.exitCode = 1;
    }
  }
}

/** Autovacuum would work when it likes, also at the cost of the one that is measured. */
const POSTGRES_OPTIONS = '-c autovacuum=off';

async function startPostgres(say: (words: string) => void): Promise<PostgresCluster | undefined> {
  try {
    return await PostgresCluster.open(POSTGRES_OPTIONS);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

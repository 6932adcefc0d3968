import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readBenchOptions } from './bench-options';
import { onInterruption } from '../kit/interruption';
import { type BenchContext, openBench } from './context';
import { measureFiles } from './files';
import { measureImports } from './imports';
import { measureLoad } from './load';
import { measurePages } from './pages';
import { listMissingTools } from './reference';
import { type BenchReport, describeMachine, formatReport } from './report';
import { measureWorker } from './worker';

type Part = (bench: BenchContext) => Promise<void>;

/** In this order: each finds the data that the one before has left. */
const parts: Record<string, Part> = {
  imports: measureImports,
  files: measureFiles,
  pages: measurePages,
  worker: measureWorker,
  load: measureLoad,
};

const TOOLS = ['sqlite3', 'psql', 'iconv'];

/** `npm run bench`: reference and ours in turns, on data of its own, in a folder of its own that goes at the end. */
export async function runBench(args: string[]): Promise<void> {
  const options = readBenchOptions(args, Object.keys(parts));
  if (!options) return;
  const report: BenchReport = {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    rows: options.rows,
    rounds: options.rounds,
    skipped: [],
    measurements: [],
  };
  const missing = listMissingTools(TOOLS);
  report.skipped.push(...missing.map((tool) => `what is compared with ${tool}, which is not installed`));
  const folder = mkdtempSync(path.join(tmpdir(), 'meisai-bench-'));
  const bench = await openBench(folder, report, missing, options.database);
  // A portal or a worker would run on, and take the work of the next bench.
  onInterruption(() => bench.close());
  try {
    for (const [name, measure] of Object.entries(parts))
      if (name === 'imports' || !options.only || options.only.includes(name)) await measure(bench);
  } finally {
    await bench.close();
  }
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : formatReport(report)}\n`);
}

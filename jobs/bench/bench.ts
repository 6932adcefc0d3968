import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchContext, openBench } from './context';
import { measureFiles } from './files';
import { measureImports } from './imports';
import { measureLoad } from './load';
import { measurePages } from './pages';
import { missingTools } from './reference';
import { type BenchReport, machineOf, reportTable } from './report';
import { measureWorker } from './worker';

const options = {
  rows: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '3' },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  database: { type: 'string' },
  only: { type: 'string' },
} as const;

type Part = (bench: BenchContext) => Promise<void>;

/** In this order: each finds the data that the one before has left. */
const parts: Record<string, Part> = {
  imports: measureImports,
  files: measureFiles,
  pages: measurePages,
  worker: measureWorker,
  load: measureLoad,
};

const QUICK_ROWS = 50_000;
const TOOLS = ['sqlite3', 'psql', 'iconv'];

/** `npm run bench`: reference and ours in turns, on data of its own, in a folder of its own that goes at the end. */
export async function runBench(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const report: BenchReport = {
    date: new Date().toISOString().slice(0, 10),
    machine: machineOf(),
    rows: values.quick ? QUICK_ROWS : Number(values.rows),
    rounds: Number(values.rounds),
    skipped: [],
    measurements: [],
  };
  const missing = missingTools(TOOLS);
  report.skipped.push(...missing.map((tool) => `what is compared with ${tool}, which is not installed`));
  const folder = mkdtempSync(path.join(tmpdir(), 'meisai-bench-'));
  const bench = await openBench(folder, report, missing, values.database);
  try {
    for (const [name, measure] of Object.entries(parts))
      if (name === 'imports' || !values.only || values.only.split(',').includes(name)) await measure(bench);
  } finally {
    await bench.close();
    await rm(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : reportTable(report)}\n`);
}

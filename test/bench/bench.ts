import { readBenchOptions } from './bench-options';
import { measureAll } from './measure-all';
import { formatReport } from './report-table';
import { PARTS } from './rows';

/** `npm run bench` */
export async function runBench(args: string[]): Promise<void> {
  const options = readBenchOptions(args, PARTS);
  if (!options) return;
  const report = await measureAll(options, (words) => process.stderr.write(`${words}\n`));
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : formatReport(report)}\n`);
}

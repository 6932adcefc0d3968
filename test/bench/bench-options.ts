import { Command } from 'commander';
import { parseCount, readProgramOptions, parseSubset } from '../kit/cli-options';

export interface BenchOptions {
  /** Calls of the month that is imported and whose file is made. */
  rows: number;
  /** How often reference and ours take turns. */
  rounds: number;
  /** A PostgreSQL server where a database can be made; without it SQLite alone is measured. */
  database?: string;
  /** Names of parts; all where not given. */
  only?: string[];
  json: boolean;
}

const DEFAULTS = { rows: 1_000_000, rounds: 3 };
const QUICK = { rows: 50_000, rounds: 3 };

interface ParsedOptions extends Partial<BenchOptions> {
  quick?: boolean;
}

/** Undefined where the program is to end: all that is to say has been said. */
export function readBenchOptions(args: string[], parts: string[]): BenchOptions | undefined {
  const program = new Command('npm run bench --')
    .description('Measures the portal beside what one would use by hand, both in the same run')
    .option('--rows <count>', `calls of the month (${DEFAULTS.rows})`, parseCount)
    .option('--rounds <count>', `how often both take turns (${DEFAULTS.rounds})`, parseCount)
    .option('--quick', `for CI: --rows ${QUICK.rows}`)
    .option('--database <url>', 'a PostgreSQL server, postgres://…, to measure there as well')
    .option('--only <parts>', `some of ${parts.join(',')}`, parseSubset(parts))
    .option('--json', 'print the result as JSON');
  const parsed: ParsedOptions | undefined = readProgramOptions(program, args);
  if (!parsed) return undefined;
  const { quick, ...given } = parsed;
  return { json: false, ...(quick ? QUICK : DEFAULTS), ...given };
}

import { Command } from 'commander';
import { parseCount, readProgramOptions, parseSubset } from '../kit/cli-options';

export interface BenchOptions {
  /** Calls of each file. */
  rows: number;
  /** How often reference and ours take turns. */
  rounds: number;
  /** For how long many clients ask for one page, in seconds. */
  loadSeconds: number;
  /** How often one client asks for a page whose CPU is measured. */
  pageRequests: number;
  /** A PostgreSQL server where databases can be made; without it one is started, where it is installed. */
  database?: string;
  /** Names of parts; all where not given. */
  only?: string[];
  /** Shows how the cost of a month grows with the months before it, and nothing else. */
  large: boolean;
  json: boolean;
}

const DEFAULTS = { rows: 1_000_000, rounds: 3, loadSeconds: 3, pageRequests: 500 };
const QUICK = { rows: 50_000, rounds: 3, loadSeconds: 1, pageRequests: 200 };
/** One round: each month is its own. */
const LARGE = { ...DEFAULTS, rounds: 1 };

interface ParsedOptions extends Partial<BenchOptions> {
  quick?: boolean;
}

/** Undefined where the program is to end: all that is to say has been said. */
export function readBenchOptions(args: string[], parts: string[]): BenchOptions | undefined {
  const program = new Command('npm run bench --')
    .description('Measures the portal beside what one would use by hand, both in the same run')
    .option('--rows <count>', `calls of each file (${DEFAULTS.rows})`, parseCount)
    .option('--rounds <count>', `how often both take turns (${DEFAULTS.rounds})`, parseCount)
    .option('--quick', `for CI: --rows ${QUICK.rows}, and without the first start`)
    .option('--large', '20 months, one after the other: how cost grows with history, and nothing else')
    .option(
      '--database <url>',
      'a PostgreSQL server, postgres://…; without it one is started, if it is installed',
    )
    .option('--only <parts>', `some of ${parts.join(',')}`, parseSubset(parts))
    .option('--json', 'print the result as JSON, with each round');
  const parsed: ParsedOptions | undefined = readProgramOptions(program, args);
  if (!parsed) return undefined;
  const { quick, large = false, ...given } = parsed;
  const sizes = quick ? QUICK : large ? LARGE : DEFAULTS;
  const only = quick && !given.only ? { only: parts.filter((part) => part !== SLOW_PART) } : {};
  return { json: false, large, ...sizes, ...only, ...given };
}

/** It downloads and compiles: nothing for CI. */
const SLOW_PART = 'first-start';

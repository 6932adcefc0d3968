import { Command } from 'commander';
import { parseCount, readProgramOptions, parseSubset } from '../kit/cli-options';

export interface FaultOptions {
  /** Calls of the month whose file is asked for. */
  rows: number;
  /** How often the worker is killed; rarer or slower faults are tried less often. */
  tries: number;
  /** How long a fault lasts that ends by itself, in seconds. */
  duration: number;
  /** Names of families; all where not given. */
  only?: string[];
  json: boolean;
}

const DEFAULTS = { rows: 1_000_000, tries: 20, duration: 30 };
const SHORT = { rows: 100_000, tries: 2, duration: 2 };

interface ParsedOptions extends Partial<FaultOptions> {
  short?: boolean;
}

/** Undefined where the program is to end: all that is to say has been said. */
export function readFaultOptions(args: string[], families: string[]): FaultOptions | undefined {
  const program = new Command('npm run faults --')
    .description(
      'Breaks a portal of real processes, again and again, and tells what was lost and how long it took',
    )
    .option('--rows <count>', `calls of the month (${DEFAULTS.rows})`, parseCount)
    .option(
      '--tries <count>',
      `how often the worker is killed; others less often (${DEFAULTS.tries})`,
      parseCount,
    )
    .option(
      '--duration <seconds>',
      `how long Redis is frozen, and others away (${DEFAULTS.duration})`,
      parseCount,
    )
    .option(
      '--short',
      `some minutes, for CI: --rows ${SHORT.rows} --tries ${SHORT.tries} --duration ${SHORT.duration}`,
    )
    .option('--only <families>', `some of ${families.join(',')}`, parseSubset(families))
    .option('--json', 'print the result as JSON');
  const parsed: ParsedOptions | undefined = readProgramOptions(program, args);
  if (!parsed) return undefined;
  const { short, ...given } = parsed;
  return { json: false, ...(short ? SHORT : DEFAULTS), ...given };
}

import { Command } from 'commander';
import { parseCount, readProgramOptions, parseSomeOf } from '../../lib/process/cli-options';

export interface FaultOptions {
  /** Calls of the month whose file is asked for. */
  rows: number;
  /** How often the worker is killed; rarer or slower faults are tried less often. */
  tries: number;
  /** How long a fault lasts that ends by itself, in seconds. */
  lasting: number;
  /** Names of families; all where not given. */
  only?: string[];
  json: boolean;
}

const USUAL = { rows: 1_000_000, tries: 20, lasting: 30 };
const SHORT = { rows: 100_000, tries: 2, lasting: 2 };

interface ParsedOptions extends Partial<FaultOptions> {
  short?: boolean;
}

/** Undefined where the program is to end: all that is to say has been said. */
export function readFaultOptions(args: string[], families: string[]): FaultOptions | undefined {
  const program = new Command('npm run faults --')
    .description(
      'Breaks a portal of real processes, again and again, and tells what was lost and how long it took',
    )
    .option('--rows <count>', `calls of the month (${USUAL.rows})`, parseCount)
    .option(
      '--tries <count>',
      `how often the worker is killed; others less often (${USUAL.tries})`,
      parseCount,
    )
    .option('--lasting <seconds>', `how long Redis is frozen, and others away (${USUAL.lasting})`, parseCount)
    .option(
      '--short',
      `some minutes, for CI: --rows ${SHORT.rows} --tries ${SHORT.tries} --lasting ${SHORT.lasting}`,
    )
    .option('--only <families>', `some of ${families.join(',')}`, parseSomeOf(families))
    .option('--json', 'print the result as JSON');
  const parsed: ParsedOptions | undefined = readProgramOptions(program, args);
  if (!parsed) return undefined;
  const { short, ...given } = parsed;
  return { json: false, ...(short ? SHORT : USUAL), ...given };
}

import { Command, CommanderError, InvalidArgumentError } from 'commander';

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

/** Reads the command line; undefined where it is wrong or asks for help, and all that is to say has been said. */
export function readFaultOptions(args: string[], families: string[]): FaultOptions | undefined {
  const program = new Command('npm run faults --')
    .description(
      'Breaks a portal of real processes, again and again, and tells what was lost and how long it took',
    )
    .option('--rows <count>', `calls of the month (${USUAL.rows})`, wholeNumber)
    .option(
      '--tries <count>',
      `how often the worker is killed; others less often (${USUAL.tries})`,
      wholeNumber,
    )
    .option(
      '--lasting <seconds>',
      `how long Redis is frozen, and others away (${USUAL.lasting})`,
      wholeNumber,
    )
    .option(
      '--short',
      `a minute or so, for CI: --rows ${SHORT.rows} --tries ${SHORT.tries} --lasting ${SHORT.lasting}`,
    )
    .option('--only <families>', `some of ${families.join(',')}`, (text: string) => namesOf(text, families))
    .option('--json', 'print the result as JSON')
    .allowExcessArguments(false)
    .exitOverride()
    .showHelpAfterError('(npm run faults -- --help tells more)');
  try {
    const { short, ...given } = program.parse(args, { from: 'user' }).opts<ParsedOptions>();
    return { json: false, ...(short ? SHORT : USUAL), ...given };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
    return undefined;
  }
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1.');
}

function namesOf(text: string, families: string[]): string[] {
  const names = text.split(',');
  if (names.every((name) => families.includes(name))) return names;
  throw new InvalidArgumentError(`Give one or more of ${families.join(',')}.`);
}

import { type Command, CommanderError, InvalidArgumentError, type OptionValues } from 'commander';

/**
 * Reads the command line of a program without commands of its own; undefined where it is wrong or asks for help, and all
 * that is to say has been said.
 */
export function readProgramOptions(program: Command, args: string[]): OptionValues | undefined {
  try {
    return program
      .allowExcessArguments(false)
      .exitOverride()
      .showHelpAfterError(`(${program.name()} --help tells more)`)
      .parse(args, { from: 'user' })
      .opts();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
    return undefined;
  }
}

/** A whole number from 1. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1.');
}

/** Reads some of the known names, with commas between them. @throws InvalidArgumentError */
export const parseSubset =
  (known: string[]) =>
  (text: string): string[] => {
    const names = text.split(',');
    if (names.every((name) => known.includes(name))) return names;
    throw new InvalidArgumentError(`Give one or more of ${known.join(',')}.`);
  };

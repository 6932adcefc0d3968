import { Command, type CommandOptions } from 'commander';

/** The result of a command. */
export interface CommandResult {
  /** A line or more for people. */
  summary: string;
  /** The same for machines. */
  json: unknown;
  /** 0: all was done, 2: lines were rejected, 1: an error. */
  status?: 0 | 1 | 2;
}

/** Prints a result, as text or, with --json, as JSON. */
export type Report = (result: CommandResult) => void;

/** Adds a command with --json, which all commands have that report a result. */
export const addCommand = (
  parent: Command,
  nameAndArguments: string,
  description: string,
  options?: CommandOptions,
): Command =>
  parent
    .command(nameAndArguments, options)
    .description(description)
    .option('--json', 'print the result as JSON');

/** `1,096 rows` and `1 row` */
export const formatCount = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** For machines, from milliseconds; null if it has not happened. */
export const toIsoTime = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

import { runCommand } from '../support/command';
import type { Texts } from './record';

/** What these commands print, in words and as JSON. */
export async function collectCommands(commands: string[]): Promise<Texts> {
  const printed: Texts = {};
  for (const command of commands)
    for (const options of [[], ['--json']]) {
      const args = [...command.split(' '), ...options];
      printed[args.join(' ')] = await run(args);
    }
  return printed;
}

/** What commands print, one after the other; `phase` tells them from the same commands before. */
export async function collectChanges(phase: string, commands: string[]): Promise<Texts> {
  const printed: Texts = {};
  for (const command of commands) printed[`${phase}: ${command}`] = await run(command.split(' '));
  return printed;
}

async function run(args: string[]): Promise<string> {
  const { status, out, err } = await runCommand(...args);
  return `${status}\n${out}${err}`;
}

import { config } from '../../config';
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

/** What commands print that change something, one after the other. */
export async function collectChanges(commands: string[]): Promise<Texts> {
  const printed: Texts = {};
  for (const [index, command] of commands.entries())
    printed[`${String(index).padStart(2, '0')} ${hidePaths(command)}`] = hideNewBatches(
      await run(command.split(' ')),
    );
  return printed;
}

async function run(args: string[]): Promise<string> {
  const { status, out, err } = await runCommand(...args);
  return hidePaths(`${status}\n${out}${err}`);
}

/** New batches have other ids on each database: PostgreSQL leaves gaps. */
const hideNewBatches = (text: string): string => text.replaceAll(/\(batch \d+:/g, '(batch:');

const hidePaths = (text: string): string => text.replaceAll(config.DATA_DIR, '');

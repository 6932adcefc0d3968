import { closeDatabase } from '../lib/database/db';
import { closeRedis } from '../lib/redis/redis';
import { runCommandLine } from './program';
import { releaseRedis } from './commands/redis-for-command';
import { lowerPriority } from '../lib/process/priority';
import { printSettingWarnings } from '../lib/setting-warnings';

/** Runs the command line of `process.argv`, closes everything and sets the exit status. */
export async function runMeisai(argv: string[]): Promise<number> {
  lowerPriority();
  // A worker that the portal has started would only repeat what the portal has said.
  if (!process.connected) printSettingWarnings();
  const status = await runCommandLine(argv.slice(2));
  await closeRedis();
  await Promise.all([releaseRedis(), closeDatabase()]);
  process.exitCode = status;
  return status;
}

if (require.main === module) void runMeisai(process.argv);

import { closeDatabase } from '../lib/database/db';
import { closeRedis } from '../lib/redis/redis';
import { runCommandLine } from './program';
import { releaseRedis } from './commands/redis-for-command';
import { lowerPriority } from '../lib/process/priority';

/** The command line: runs it, closes everything and leaves the exit status. Takes `process.argv`. */
export async function runMeisai(argv: string[]): Promise<number> {
  lowerPriority();
  const status = await runCommandLine(argv.slice(2));
  await closeRedis();
  await Promise.all([releaseRedis(), closeDatabase()]);
  process.exitCode = status;
  return status;
}

if (require.main === module) void runMeisai(process.argv);

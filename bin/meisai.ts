import { db } from '../lib/database/db';
import { closeRedis } from '../lib/redis/redis';
import { meisaiCommand } from './program';
import { returnRedis } from './redis-for-command';
import { giveWayToPages } from '../lib/process/priority';

/** The command line: runs it, closes everything and leaves the exit status. Takes `process.argv`. */
export async function runMeisai(argv: string[]): Promise<number> {
  giveWayToPages();
  const status = await meisaiCommand(argv.slice(2));
  await closeRedis();
  await Promise.all([returnRedis(), db.destroy()]);
  process.exitCode = status;
  return status;
}

if (require.main === module) void runMeisai(process.argv);

import { db } from '../models/db';
import { closeRedis } from '../models/redis';
import { meisaiCommand } from './command-line';
import { returnRedis } from './commands/borrowed-redis';
import { giveWayToPages } from './give-way';

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

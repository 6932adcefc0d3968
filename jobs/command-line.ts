import { Command, CommanderError } from 'commander';
import { config } from '../config';
import { log } from '../log';
import { migrateDatabase } from '../models/db';
import { addAccountCommands } from './commands/account';
import { addAuditCommand } from './commands/audit';
import { addBatchesCommands } from './commands/batches';
import { addCopyDatabaseCommand } from './commands/copy-database';
import { addDemoCommand } from './commands/demo';
import { addFilesCommands } from './commands/files';
import { addImportCommands } from './commands/import';
import { addMigrateCommand } from './commands/migrate';
import { addMonthCommands } from './commands/month';
import type { Finish } from './commands/outcome';
import { addRateCommand } from './commands/rate';
import { addReportCommand } from './commands/report';
import { addStatusCommand } from './commands/status';
import { addSummaryCommands } from './commands/summary';
import { addWorkerCommand } from './commands/worker';

/** Runs one command, and leaves connections open. Returns 0: all was done, 2: lines were rejected, 1: an error. */
export async function meisaiCommand(args: string[]): Promise<number> {
  let status = 0;
  const finish: Finish = (outcome, json) => {
    process.stdout.write(`${json ? JSON.stringify(outcome.json) : outcome.summary}\n`);
    status = outcome.status ?? 0;
  };
  try {
    await createCommandLine(finish).parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`meisai: ${errorText(error)}\n`);
    return 1;
  }
}

function createCommandLine(finish: Finish): Command {
  const program = new Command('meisai')
    .description('The operator’s side of the portal')
    .exitOverride()
    .showHelpAfterError('(--help tells more)');
  program.hook('preAction', async (_, command) => {
    // The log goes to standard output: for a worker that is its place, for the others it is that of their results.
    if (command.name() !== 'worker') log.level = 'silent';
    // The status command has to say what is wrong with the database; a copy has databases of its own.
    if (!['status', 'copy-database'].includes(command.name())) await migrateDatabase();
  });
  addMigrateCommand(program, finish);
  addDemoCommand(program, finish);
  addImportCommands(program, finish);
  addRateCommand(program, finish);
  addBatchesCommands(program, finish);
  addMonthCommands(program, finish);
  addReportCommand(program, finish);
  addAccountCommands(program, finish);
  addSummaryCommands(program, finish);
  addFilesCommands(program, finish);
  addAuditCommand(program, finish);
  addCopyDatabaseCommand(program, finish);
  addWorkerCommand(program);
  addStatusCommand(program, finish);
  return program;
}

/** The message alone, because it is for an operator; LOG_LEVEL=debug adds where it happened. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A server's name that stands for several addresses fails with an error for each.
  const { message } = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  return config.LOG_LEVEL === 'debug' ? `${message}\n${error.stack}` : message;
}

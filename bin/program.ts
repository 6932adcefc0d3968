import { Command, CommanderError } from 'commander';
import { log } from '../log';
import { migrateDatabase } from '../lib/database/db';
import { formatCommandFailure } from './error-text';
import type { Report } from './commands/output';

type AddCommand = (program: Command, finish: Report) => void;

/** A command's modules are loaded when it is asked for: all of them would be half of a worker's memory. */
const commands: Record<string, () => Promise<AddCommand>> = {
  migrate: async () => (await import('./commands/migrate.js')).addMigrateCommand,
  demo: async () => (await import('./commands/demo.js')).addDemoCommand,
  import: async () => (await import('./commands/import.js')).addImportCommands,
  rate: async () => (await import('./commands/rate.js')).addRerateCommand,
  batches: async () => (await import('./commands/batches.js')).addBatchCommands,
  month: async () => (await import('./commands/month.js')).addMonthCommands,
  report: async () => (await import('./commands/report.js')).addReportCommand,
  account: async () => (await import('./commands/account.js')).addAccountCommands,
  summary: async () => (await import('./commands/summary.js')).addSumsCommands,
  files: async () => (await import('./commands/files.js')).addFilesCommands,
  audit: async () => (await import('./commands/audit.js')).addAuditCommand,
  'copy-database': async () => (await import('./commands/copy-database.js')).addCopyDatabaseCommand,
  worker: async () => (await import('./commands/worker.js')).addWorkerCommand,
  status: async () => (await import('./commands/status.js')).addStatusCommand,
};

/** Runs one command, and leaves connections open. Returns 0: all was done, 2: lines were rejected, 1: an error. */
export async function runCommandLine(args: string[]): Promise<number> {
  let status = 0;
  const report: Report = (result, json) => {
    process.stdout.write(`${json ? JSON.stringify(result.json) : result.summary}\n`);
    status = result.status ?? 0;
  };
  try {
    const program = await createCommandLine(args[0], report);
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`meisai: ${formatCommandFailure(error)}\n`);
    return 1;
  }
}

/** With the command that is asked for; with all of them where it is none. */
async function createCommandLine(name: string | undefined, report: Report): Promise<Command> {
  const program = new Command('meisai')
    .description('The operator’s side of the portal')
    .exitOverride()
    .showHelpAfterError('(--help tells more)');
  program.hook('preAction', async (_, command) => {
    // The log goes to standard output: for a worker that is its place, for the others it is that of their results.
    if (command.name() !== 'worker') log.level = 'silent';
    // Migrating is this command's own work; status says what is wrong with the database; a copy has two of its own.
    if (!['migrate', 'status', 'copy-database'].includes(command.name())) await migrateDatabase();
  });
  const wanted = Object.entries(commands).filter(([known]) => known === name);
  for (const [, load] of wanted.length > 0 ? wanted : Object.entries(commands))
    (await load())(program, report);
  return program;
}

import { Command, CommanderError } from 'commander';
import { log } from '../log';
import { migrateDatabase } from '../lib/database/db';
import { formatCommandFailure } from './error-text';
import { replaceOldSpelling } from './old-spellings';
import type { Report } from './commands/output';

type AddCommand = (program: Command, report: Report) => void;

/** A command's modules are loaded when it is called: all of them would be half of a worker's memory. */
const commands: Record<string, () => Promise<AddCommand>> = {
  migrate: async () => (await import('./commands/migrate.js')).addMigrateCommand,
  demo: async () => (await import('./commands/demo.js')).addDemoCommand,
  import: async () => (await import('./commands/import.js')).addImportCommands,
  rerate: async () => (await import('./commands/rerate.js')).addRerateCommand,
  batch: async () => (await import('./commands/batch.js')).addBatchCommands,
  month: async () => (await import('./commands/month.js')).addMonthCommands,
  report: async () => (await import('./commands/report.js')).addReportCommand,
  account: async () => (await import('./commands/account.js')).addAccountCommands,
  sums: async () => (await import('./commands/sums.js')).addSumsCommands,
  files: async () => (await import('./commands/files.js')).addFilesCommands,
  audit: async () => (await import('./commands/audit.js')).addAuditCommand,
  'copy-database': async () => (await import('./commands/copy-database.js')).addCopyDatabaseCommand,
  worker: async () => (await import('./commands/worker.js')).addWorkerCommand,
  status: async () => (await import('./commands/status.js')).addStatusCommand,
};

/** Runs one command, and leaves connections open. Returns 0: all was done, 2: lines were rejected, 1: an error. */
export async function runCommandLine(args: string[]): Promise<number> {
  let status = 0;
  let asJson = false;
  const report: Report = ({ summary, json, status: reported = 0 }) => {
    process.stdout.write(`${asJson ? JSON.stringify(json) : summary}\n`);
    status = reported;
  };
  try {
    const current = replaceOldSpelling(args);
    const program = await createCommandLine(current[0], report);
    program.hook('preAction', (_, command) => {
      asJson = command.opts<{ json?: boolean }>().json ?? false;
    });
    await program.parseAsync(current, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`meisai: ${formatCommandFailure(error)}\n`);
    return 1;
  }
}

/** Builds the program with the named command, or with all commands if there is no such command. */
async function createCommandLine(name: string | undefined, report: Report): Promise<Command> {
  const program = new Command('meisai')
    .description('The operator’s side of the portal')
    .exitOverride()
    .showHelpAfterError('(--help tells more)');
  program.hook('preAction', async (_, command) => {
    // The log goes to standard output, where the other commands print their results.
    if (command.name() !== 'worker') log.level = 'silent';
    // migrate does it itself, status reports on the database as it is, and copy-database has two of its own.
    if (!['migrate', 'status', 'copy-database'].includes(command.name())) await migrateDatabase();
  });
  const wanted = Object.entries(commands).filter(([known]) => known === name);
  for (const [, load] of wanted.length > 0 ? wanted : Object.entries(commands))
    (await load())(program, report);
  return program;
}

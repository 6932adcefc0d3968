import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { listCallBatchMonths } from '../../models/call/batch';
import type { BillingMonth } from '../../models/billing/month';
import { type CallImportResult, openCallImport } from '../../jobs/import/import-calls';
import { listBuiltInFormats } from '../../jobs/import/format/load';
import { withProgress } from '../../lib/process/progress';
import { type Encoding, ENCODINGS } from '../../jobs/import/source/source-file';
import { formatDryRun } from './dry-run-lines';
import { formatCallSummary, formatDifferences, type ImportedFile, toImportJson } from './imported-file';
import { addCommand, type Report, type CommandResult } from './output';

interface CallOptions {
  format: string;
  tariff?: string;
  timezone?: string;
  encoding?: Encoding;
  dryRun?: boolean;
  switch?: string;
  again?: boolean;
  replace?: boolean;
}

/** `meisai import calls` */
export function addImportCallsCommand(group: Command, report: Report): void {
  addCommand(group, 'calls <files...>', 'bring call records in; what is there already is not added again')
    .option('--format <format>', `${listBuiltInFormats().join(', ')}, or the path of a format file`, 'meisai')
    .option('--tariff <name>', 'rates records without a charge; “sample” is built in')
    .option(
      '--timezone <zone>',
      'of times that are written without one (default: the format’s, else Asia/Tokyo)',
    )
    .option(
      '--switch <name>',
      'the machine that wrote the records, where several are of a kind (default: the format’s)',
    )
    .option('--again', 'take a file again that a batch has imported')
    .option('--replace', 'known calls whose records say something else take what the file says')
    .option('--dry-run', 'show the first calls as they would be stored, and change nothing')
    .addOption(createEncodingOption())
    .action(async (files: string[], options: CallOptions) =>
      report(toCallsResult(await importCallFiles(files, options))),
    );
}

export const createEncodingOption = (): Option =>
  new Option('--encoding <encoding>', 'of the file; told by its content where not given').choices(ENCODINGS);

function importCallFiles(files: string[], options: CallOptions): Promise<ImportedFile[]> {
  return withProgress(async (progress) => {
    const importFile = await openCallImport({ ...options, importedBy: userInfo().username, progress });
    const results: ImportedFile[] = [];
    for (const file of files) results.push(await importOrReport(file, importFile, results));
    return results;
  });
}

/** The months to which a batch has added calls: a wrong file shows by them. */
async function listBatchMonths(batch: number | undefined): Promise<BillingMonth[]> {
  const months = batch === undefined ? [] : await listCallBatchMonths(batch);
  return months.map(({ billing_month }) => billing_month);
}

/** If a later file fails, the earlier ones are imported all the same: report them before the error. */
async function importOrReport(
  file: string,
  importFile: (file: string) => Promise<CallImportResult>,
  done: ImportedFile[],
): Promise<ImportedFile> {
  try {
    const result = await importFile(file);
    return { ...result, months: await listBatchMonths(result.batch) };
  } catch (error) {
    if (done.length > 0) process.stderr.write(`${done.map(formatCallSummary).join('\n')}\n`);
    throw error;
  }
}

function toCallsResult(files: ImportedFile[]): CommandResult {
  const sum = (
    name: 'records' | 'added' | 'duplicates' | 'differing' | 'replaced' | 'unanswered' | 'late' | 'rejected',
  ) => files.reduce((total, file) => total + file[name], 0);
  const json = {
    records: sum('records'),
    added: sum('added'),
    duplicates: sum('duplicates'),
    differing: sum('differing'),
    replaced: sum('replaced'),
    unanswered: sum('unanswered'),
    late: sum('late'),
    rejected: sum('rejected'),
    files: files.map(toImportJson),
  };
  const lines = files.flatMap((file) => [
    ...formatDryRun(file),
    formatCallSummary(file),
    ...formatDifferences(file),
  ]);
  return { summary: lines.join('\n'), json, status: json.rejected + json.differing > 0 ? 2 : 0 };
}

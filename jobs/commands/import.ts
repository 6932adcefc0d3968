import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { callTypesImport } from '../import/call-types';
import { type CallImportResult, openCallImport } from '../import/calls';
import { contractsImport } from '../import/contracts';
import { terminalProgress } from '../import/import-progress';
import { importTable, type TableImport, type TableImportResult } from '../import/import-table';
import { invoicesImport } from '../import/invoices';
import { numbersImport } from '../import/numbers';
import { type Encoding, ENCODINGS } from '../import/source-file';
import { tariffImport } from '../import/tariff';
import { telegramsImport } from '../import/telegrams';
import { usagesImport } from '../import/usages';
import { addCommand, countOf, type Finish, type Outcome } from './outcome';

interface TableOptions {
  encoding?: Encoding;
  json?: boolean;
}

interface CallOptions extends TableOptions {
  format: string;
  tariff?: string;
  timezone: string;
}

/** `meisai import …` */
export function addImportCommands(program: Command, finish: Finish): void {
  const group = program.command('import').description('bring files of a switch or a billing system in');

  const addTable = (name: string, what: string) =>
    addCommand(group, `${name} <file>`, `CSV with a header: creates or updates ${what}`).addOption(
      encodingOption(),
    );
  const runTable = async <Row>(
    definition: TableImport<Row>,
    file: string,
    { encoding, json }: TableOptions,
  ) =>
    finish(
      tableOutcome(await withProgress((progress) => importTable(definition, file, { encoding, progress }))),
      json,
    );

  addTable('contracts', 'contracts by contract code').action((file: string, options: TableOptions) =>
    runTable(contractsImport, file, options),
  );
  addTable('numbers', 'phone numbers and their aliases by number').action(
    (file: string, options: TableOptions) => runTable(numbersImport, file, options),
  );
  addTable('telegrams', 'telegrams by source id').action(async (file: string, options: TableOptions) =>
    runTable(await telegramsImport(), file, options),
  );
  addTable('invoices', 'lines of invoices by invoice number and line').action(
    (file: string, options: TableOptions) => runTable(invoicesImport, file, options),
  );
  addTable('usages', 'Internet sessions and payments by source id').action(
    (file: string, options: TableOptions) => runTable(usagesImport, file, options),
  );
  addTable('call-types', 'call types by code').action((file: string, options: TableOptions) =>
    runTable(callTypesImport, file, options),
  );
  addTable('tariff', 'rates of a tariff by prefix and from-date')
    .requiredOption('--name <name>', 'of the tariff')
    .action(async (file: string, options: TableOptions & { name: string }) =>
      runTable(await tariffImport(options.name), file, options),
    );
  addCallsCommand(group, finish);
}

function addCallsCommand(group: Command, finish: Finish): void {
  addCommand(group, 'calls <files...>', 'bring call records in; what is there already is not added again')
    .option('--format <format>', 'layout of the files: meisai or asterisk', 'meisai')
    .option('--tariff <name>', 'rates records without a charge; “sample” is built in')
    .option('--timezone <zone>', 'of times that are written without one', 'Asia/Tokyo')
    .addOption(encodingOption())
    .action(async (files: string[], { json, ...options }: CallOptions) =>
      finish(callsOutcome(await importCallFiles(files, options)), json),
    );
}

const encodingOption = (): Option =>
  new Option('--encoding <encoding>', 'of the file; told by its content where not given').choices(ENCODINGS);

function importCallFiles(files: string[], options: CallOptions): Promise<CallImportResult[]> {
  return withProgress(async (progress) => {
    const importFile = await openCallImport({ ...options, importedBy: userInfo().username, progress });
    const results: CallImportResult[] = [];
    for (const file of files) results.push(await importOrTell(file, importFile, results));
    return results;
  });
}

/** Where a later file fails, the earlier ones are in all the same, and whoever waits must know. */
async function importOrTell(
  file: string,
  importFile: (file: string) => Promise<CallImportResult>,
  done: CallImportResult[],
): Promise<CallImportResult> {
  try {
    return await importFile(file);
  } catch (error) {
    if (done.length > 0) process.stderr.write(`${done.map(callSummary).join('\n')}\n`);
    throw error;
  }
}

async function withProgress<T>(
  work: (progress: ReturnType<typeof terminalProgress>) => Promise<T>,
): Promise<T> {
  const progress = terminalProgress();
  try {
    return await work(progress);
  } finally {
    progress?.stop();
  }
}

function tableOutcome(result: TableImportResult): Outcome {
  const summary = `${result.file}: ${countOf(result.saved, 'line')} saved${rejectedText(result)}`;
  return { summary, json: result, status: result.rejected > 0 ? 2 : 0 };
}

function callsOutcome(files: CallImportResult[]): Outcome {
  const sum = (name: 'records' | 'added' | 'duplicates' | 'unanswered' | 'rejected') =>
    files.reduce((total, file) => total + file[name], 0);
  const json = {
    records: sum('records'),
    added: sum('added'),
    duplicates: sum('duplicates'),
    unanswered: sum('unanswered'),
    rejected: sum('rejected'),
    files,
  };
  return { summary: files.map(callSummary).join('\n'), json, status: json.rejected > 0 ? 2 : 0 };
}

function callSummary(result: CallImportResult): string {
  const { file, added, duplicates, unanswered } = result;
  const isNothingNew = added === 0 && duplicates > 0;
  const what = isNothingNew
    ? `nothing added: all ${countOf(duplicates, 'call')} are already there`
    : `${countOf(added, 'call')} added, ${duplicates.toLocaleString('en')} already there`;
  const unansweredText = unanswered > 0 ? `, ${unanswered.toLocaleString('en')} unanswered` : '';
  return `${file}: ${what}${unansweredText}${rejectedText(result)}`;
}

const rejectedText = ({ rejected, rejected_file }: { rejected: number; rejected_file?: string }): string =>
  rejected > 0 ? `, ${rejected.toLocaleString('en')} rejected: see ${rejected_file}` : '';

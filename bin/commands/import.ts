import { type Command } from 'commander';
import { callTypeColumns, createCallTypesImport } from '../../jobs/import/tables/call-types';
import { labels } from '../../models/call/labels';
import type { CallTypeOptions, TouchedMonth } from '../../models/call/change-call-types';
import { monthLabel } from '../../models/billing/month-label';
import { yenExact } from '../../lib/values/format';
import { contractsImport } from '../../jobs/import/tables/contracts';
import { withProgress } from '../../lib/process/progress';
import {
  type CsvColumns,
  importTable,
  type TableImport,
  type TableImportResult,
} from '../../jobs/import/tables/import-table';
import { invoicesImport } from '../../jobs/import/tables/invoices';
import { numbersImport } from '../../jobs/import/tables/numbers';
import type { Encoding } from '../../jobs/import/source/source-file';
import { tariffColumns, createTariffImport } from '../../jobs/import/tables/tariff';
import { telegramColumns, createTelegramsImport } from '../../jobs/import/tables/telegrams';
import { usagesImport } from '../../jobs/import/tables/usages';
import { addImportCallsCommand, createEncodingOption } from './import-calls';
import { formatRejected } from './imported-file';
import { addCommand, formatCount, type Report, type CommandResult } from './output';

interface TableOptions {
  encoding?: Encoding;
}

/** `meisai import …` */
export function addImportCommands(program: Command, report: Report): void {
  const group = program.command('import').description('bring files of a switch or a billing system in');

  const addTable = (name: string, what: string, columns: CsvColumns) =>
    addCommand(group, `${name} <file>`, `CSV with a header: creates or updates ${what}`)
      .addOption(createEncodingOption())
      .addHelpText('after', formatColumns(columns));
  const runTable = async <Row>(definition: TableImport<Row>, file: string, { encoding }: TableOptions) =>
    report(
      toTableResult(await withProgress((progress) => importTable(definition, file, { encoding, progress }))),
    );

  addTable('contracts', 'contracts by contract code', contractsImport.columns).action(
    (file: string, options: TableOptions) => runTable(contractsImport, file, options),
  );
  addTable('numbers', 'phone numbers and their aliases by number', numbersImport.columns).action(
    (file: string, options: TableOptions) => runTable(numbersImport, file, options),
  );
  addTable('telegrams', 'telegrams by source id', telegramColumns).action(
    async (file: string, options: TableOptions) => runTable(await createTelegramsImport(), file, options),
  );
  addTable('invoices', 'lines of invoices by invoice number and line', invoicesImport.columns).action(
    (file: string, options: TableOptions) => runTable(invoicesImport, file, options),
  );
  addTable('usages', 'Internet sessions and payments by source id', usagesImport.columns).action(
    (file: string, options: TableOptions) => runTable(usagesImport, file, options),
  );
  addTable('call-types', 'call types by code', callTypeColumns)
    .addHelpText('after', COUNTED_HELP)
    .option('--force', 'change published months too')
    .option('--dry-run', 'tell which months, calls and yen would change class, and change nothing')
    .action(async (file: string, options: TableOptions & { force?: boolean; dryRun?: boolean }) =>
      report(await importCallTypes(file, options)),
    );
  addTable('tariff', 'rates of a tariff by prefix and from-date', tariffColumns)
    .requiredOption('--name <name>', 'of the tariff')
    .action(async (file: string, options: TableOptions & { name: string }) =>
      runTable(await createTariffImport(options.name), file, options),
    );
  addImportCallsCommand(group, report);
}

const COUNTED_HELP = `
counted: true where calls of the type are counted, not timed (番号案内): they are shown as ${labels.counted}, their durations are kept
but not summed, and they belong to the month in which they begin. false by default`;

async function importCallTypes(
  file: string,
  { encoding, force, dryRun }: TableOptions & { force?: boolean; dryRun?: boolean },
): Promise<CommandResult> {
  const options: CallTypeOptions = { force, isDryRun: dryRun };
  const definition = createCallTypesImport(options);
  const imported = await withProgress((progress) => importTable(definition, file, { encoding, progress }));
  const { touched } = definition;
  const { summary, status } = toTableResult(imported);
  const lines = [
    dryRun ? `${file}: dry run, nothing is changed${formatRejected(imported)}` : summary,
    ...touched.map((month) => formatTouchedMonth(month, dryRun)),
  ];
  return { summary: lines.join('\n'), json: { ...imported, months: touched }, status };
}

const formatTouchedMonth = (month: TouchedMonth, dryRun = false): string =>
  `${monthLabel(month.billing_month)}: ${formatCount(month.calls, 'call')} of ${formatCount(month.contracts, 'contract')}, ${yenExact(month.charge)}, ${dryRun ? 'would change' : 'changed'}${month.is_published ? ' (published)' : ''}`;

function formatColumns({ required, optional = [] }: CsvColumns): string {
  const others = optional.length > 0 ? `\nif need be: ${optional.join(', ')}` : '';
  return `\nColumns, in any order: ${required.join(', ')}${others}`;
}

function toTableResult(result: TableImportResult): CommandResult {
  const summary = `${result.file}: ${formatCount(result.saved, 'line')} saved${formatRejected(result)}`;
  const lines = result.incomplete ? [summary, formatIncomplete(result.incomplete)] : [summary];
  return { summary: lines.join('\n'), json: result, status: result.rejected > 0 ? 2 : 0 };
}

const MAX_NAMED = 20;

const formatIncomplete = (names: string[]): string =>
  [
    `Customers see these without the rejected lines: ${names.slice(0, MAX_NAMED).join(', ')}`,
    ...(names.length > MAX_NAMED ? [` and ${names.length - MAX_NAMED} more`] : []),
    '. Mend the lines and import the file again',
  ].join('');

import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { timeLabel } from '../../models/format';
import { type CallImportResult, openCallImport } from '../import/calls';
import { builtInFormats } from '../import/format-file';
import { withProgress } from '../import/import-progress';
import { type Encoding, ENCODINGS } from '../import/source-file';
import { dryRunLines } from './dry-run-lines';
import { addCommand, countOf, type Finish, type Outcome } from './outcome';

interface CallOptions {
  format: string;
  tariff?: string;
  timezone?: string;
  encoding?: Encoding;
  dryRun?: boolean;
  json?: boolean;
}

/** `meisai import calls` */
export function addImportCallsCommand(group: Command, finish: Finish): void {
  addCommand(group, 'calls <files...>', 'bring call records in; what is there already is not added again')
    .option('--format <format>', `${builtInFormats().join(', ')}, or the path of a format file`, 'meisai')
    .option('--tariff <name>', 'rates records without a charge; “sample” is built in')
    .option(
      '--timezone <zone>',
      'of times that are written without one (default: the format’s, else Asia/Tokyo)',
    )
    .option('--dry-run', 'show the first calls as they would be stored, and change nothing')
    .addOption(encodingOption())
    .action(async (files: string[], { json, ...options }: CallOptions) =>
      finish(callsOutcome(await importCallFiles(files, options)), json),
    );
}

export const encodingOption = (): Option =>
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

function callsOutcome(files: CallImportResult[]): Outcome {
  const sum = (name: 'records' | 'added' | 'duplicates' | 'unanswered' | 'late' | 'rejected') =>
    files.reduce((total, file) => total + file[name], 0);
  const json = {
    records: sum('records'),
    added: sum('added'),
    duplicates: sum('duplicates'),
    unanswered: sum('unanswered'),
    late: sum('late'),
    rejected: sum('rejected'),
    files,
  };
  const lines = files.flatMap((file) => [...dryRunLines(file), callSummary(file)]);
  return { summary: lines.join('\n'), json, status: json.rejected > 0 ? 2 : 0 };
}

function callSummary(result: CallImportResult): string {
  const { file, batch, added, duplicates, unanswered, late, same_file, calls } = result;
  const isNothingNew = added === 0 && duplicates > 0;
  const what = isNothingNew
    ? `nothing added: all ${countOf(duplicates, 'call')} are already there`
    : `${countOf(added, 'call')} ${calls ? 'would be added' : 'added'}, ${duplicates.toLocaleString('en')} already there`;
  const parts = [
    what,
    ...(same_file
      ? [`the file came in before, ${timeLabel(same_file.imported_at)} as batch ${same_file.id}`]
      : []),
    ...(unanswered > 0 ? [`${unanswered.toLocaleString('en')} unanswered`] : []),
    ...(late > 0 ? [`${late.toLocaleString('en')} late for a published month`] : []),
  ];
  return `${file}: ${parts.join(', ')}${rejectedText(result)}${batch === undefined ? '' : ` (batch ${batch})`}`;
}

export function rejectedText({
  rejected,
  rejected_file,
}: {
  rejected: number;
  rejected_file?: string;
}): string {
  if (rejected === 0) return '';
  return `, ${rejected.toLocaleString('en')} rejected${rejected_file ? `: see ${rejected_file}` : ''}`;
}

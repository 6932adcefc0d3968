import { callDuration, callStart, timeLabel, yenExact } from '../../lib/values/format';
import { monthLabel } from '../../models/billing/month-label';
import type { BillingMonth } from '../../models/billing/month';
import type { ComparedCall, DifferingCall } from '../../models/call/staging-table';
import type { CallImportResult } from '../../jobs/import/import-calls';
import { formatCount } from './output';

/** The result for a file of calls, and the months to which its batch has added some. */
export type ImportedFile = CallImportResult & { months: BillingMonth[] };

/** The result as JSON, with times in ISO 8601. */
export const toImportJson = ({ same_file, ...file }: ImportedFile) => ({
  ...file,
  ...(same_file && {
    same_file: { ...same_file, imported_at: new Date(same_file.imported_at).toISOString() },
  }),
});

/** A line about a file, and another if none of it could be imported. */
export function formatCallSummary(result: ImportedFile): string {
  const { file, added, duplicates, differing, replaced, unanswered, late, same_file, calls } = result;
  const isNothingNew = added === 0 && duplicates > 0;
  const what = isNothingNew
    ? `nothing added: ${duplicates === 1 ? 'the one call is' : `all ${formatCount(duplicates, 'call')} are`} already there`
    : `${formatCount(added, 'call')} ${calls ? 'would be added' : 'added'}, ${duplicates.toLocaleString('en')} already there`;
  const parts = [
    what,
    ...(same_file
      ? [`the file came in before, ${timeLabel(same_file.imported_at)} as batch ${same_file.id}`]
      : []),
    ...(differing > 0 ? [`${differing.toLocaleString('en')} of them differ from what is stored`] : []),
    ...(replaced > 0
      ? [`${replaced.toLocaleString('en')} ${calls ? 'would replace' : 'replaced'} earlier calls`]
      : []),
    ...(unanswered > 0 ? [`${unanswered.toLocaleString('en')} unanswered`] : []),
    ...(late > 0 ? [`${late.toLocaleString('en')} late for a published month`] : []),
  ];
  return `${file}: ${parts.join(', ')}${formatRejected(result)}${formatBatchMonths(result)}${suggestFormatCheck(result)}`;
}

const MAX_DIFFERENCES = 20;

/** A line for each of the first known calls whose records say something else. */
export function formatDifferences({ differing, differences }: ImportedFile): string[] {
  if (differing === 0) return [];
  const lines = differences.slice(0, MAX_DIFFERENCES).map(formatDifference);
  const rest = differing - lines.length;
  return [
    ...lines,
    ...(rest > 0 ? [`and ${rest.toLocaleString('en')} more`] : []),
    'What is stored is kept. Import the file again with --again --replace to take what it says',
  ];
}

function formatDifference({ line, batch, stored, given }: DifferingCall): string {
  if (batch === null) return `line ${line}: the call is in the file before, with other content`;
  const there = `line ${line}: the call is already there (batch ${batch})`;
  const parts = stored ? compareCalls(stored, given) : [];
  return parts.length > 0 ? `${there}, but ${parts.join(', ')}` : `${there}, with other content`;
}

const shownFields: [string, (call: ComparedCall) => string][] = [
  ['start', ({ started_at }) => callStart(started_at)],
  ['duration', ({ duration }) => callDuration(duration)],
  ['other number', ({ other_number }) => other_number || '(withheld)'],
  ['charge', ({ charge }) => yenExact(charge)],
];

const compareCalls = (stored: ComparedCall, given: ComparedCall): string[] =>
  shownFields.flatMap(([name, show]) =>
    show(stored) === show(given) ? [] : [`${name} ${show(stored)} is stored and ${show(given)} given`],
  );

const MAX_MONTHS = 3;

function formatBatchMonths({ batch, months }: ImportedFile): string {
  if (batch === undefined) return '';
  if (months.length === 0) return ` (batch ${batch})`;
  const labels = months.map(monthLabel);
  const span = `${labels.length} months from ${labels[0]} to ${labels.at(-1)}`;
  return ` (batch ${batch}: ${labels.length > MAX_MONTHS ? span : labels.join(', ')})`;
}

const suggestFormatCheck = ({ records, rejected, format }: ImportedFile): string =>
  rejected > 0 && rejected === records
    ? `\nNothing could be taken. Is “${format}” the format of this file? If so, see the reasons`
    : '';

/** The rejected lines of any kind of file; empty if nothing was rejected. */
export function formatRejected({
  rejected,
  rejected_file,
}: {
  rejected: number;
  rejected_file?: string;
}): string {
  if (rejected === 0) return '';
  return `, ${rejected.toLocaleString('en')} rejected${rejected_file ? `: see ${rejected_file}` : ''}`;
}

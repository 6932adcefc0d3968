import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { undoCallBatch } from '../../models/call/undo-batch';
import { type CallBatch, findCallBatch, listCallBatches, listCallBatchMonths } from '../../models/call/batch';
import { labels } from '../../models/call/labels';
import { OUTGOING } from '../../models/call/new-call';
import { callDuration, callStart, timeLabel, yenExact } from '../../lib/values/format';
import { monthLabel } from '../../models/billing/month-label';
import { type LateCall, listLateCalls } from '../../models/call/late-calls';
import { findPublishedMonths } from '../../models/call/published-month';
import { formatPhoneNumber } from '../../models/phone-number/phone-number-format';
import { formatPublishedWarning } from './changed-after-publishing';
import { CommandError } from '../../lib/process/operator-error';
import { addCommand, formatCount, type Report, toIsoTime, type CommandResult } from './output';

const MAX_BATCHES = 1000;
const MAX_LATE_CALLS = 1000;

/** `meisai batch …` */
export function addBatchCommands(program: Command, report: Report): void {
  const group = program.command('batch').description('files of calls that were brought in');

  addCommand(group, 'list', `the newest ${MAX_BATCHES.toLocaleString('en')}`, { isDefault: true }).action(
    async () => {
      const batches = await listCallBatches(MAX_BATCHES);
      const summary = [
        ...batches.map(formatBatch),
        formatCount(batches.length, 'batch').replace(/batchs$/, 'batches'),
      ];
      report({ summary: summary.join('\n'), json: batches.map(toBatchJson) });
    },
  );
  addCommand(group, 'show', 'a batch by month, and its late calls')
    .argument('<id>', 'of the batch', parseBatchId)
    .action(async (id: number) => report(await show(id)));
  addCommand(group, 'undo', 'take exactly the calls of a batch out again')
    .argument('<id>', 'of the batch', parseBatchId)
    .option('--with-overlaps', 'undo later batches too whose files had calls of this one')
    .action(async (id: number, options: { withOverlaps?: boolean }) => report(await undo(id, options)));
}

function parseBatchId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number that meisai batch list shows');
}

async function undo(id: number, options: { withOverlaps?: boolean }): Promise<CommandResult> {
  const undone = await undoCallBatch(id, { ...options, undoneBy: userInfo().username });
  const removed = undone.reduce((sum, batch) => sum + batch.removed, 0);
  const months = (await Promise.all(undone.map((batch) => listCallBatchMonths(batch.id))))
    .flat()
    .map(({ billing_month }) => billing_month);
  const published = [...(await findPublishedMonths(months))];
  const lines = [
    ...undone.map((batch) => `Batch ${batch.id} undone: ${formatCount(batch.removed, 'call')} taken out`),
    ...(published.length > 0 && removed > 0 ? [formatPublishedWarning(published)] : []),
  ];
  return { summary: lines.join('\n'), json: { id, removed, undone, published_months: published } };
}

const toBatchJson = ({ imported_at, undone_at, ...batch }: CallBatch) => ({
  ...batch,
  imported_at: toIsoTime(imported_at),
  undone_at: toIsoTime(undone_at),
});

function formatBatch(batch: CallBatch): string {
  const { id, imported_at, imported_by, format, file_name, added, duplicates, rejected, late, charge } =
    batch;
  const counts = [
    formatCount(added, 'call'),
    yenExact(charge),
    ...(duplicates > 0 ? [`${duplicates.toLocaleString('en')} already there`] : []),
    ...(batch.differing > 0 ? [`${batch.differing.toLocaleString('en')} of them differing`] : []),
    ...(batch.replaced > 0 ? [`${batch.replaced.toLocaleString('en')} replaced`] : []),
    ...(rejected > 0 ? [`${rejected.toLocaleString('en')} rejected`] : []),
    ...(late > 0 ? [`${late.toLocaleString('en')} late`] : []),
    ...(batch.undone_at === null ? [] : [`undone ${timeLabel(batch.undone_at)} by ${batch.undone_by}`]),
  ];
  return [id, timeLabel(imported_at), imported_by, format, file_name, counts.join(', ')].join('  ');
}

async function show(id: number): Promise<CommandResult> {
  const batch = await findCallBatch(id);
  if (!batch) throw new CommandError(`There is no batch ${id}`);
  const months = await listCallBatchMonths(id);
  const late = await listLateCalls(id, MAX_LATE_CALLS);
  const lines = [
    formatBatch(batch),
    `SHA-256 ${batch.sha256}`,
    ...months.map(
      ({ billing_month, calls, duration, charge, late: isLate }) =>
        `${monthLabel(billing_month)}: ${formatCount(calls, 'call')}, ${callDuration(duration)}, ${yenExact(charge)}${isLate ? ', late: the month was published' : ''}`,
    ),
    ...late.map(formatLateCall),
  ];
  const jsonMonths = months.map((month) => ({ ...month, late: Boolean(month.late) }));
  return { summary: lines.join('\n'), json: { ...toBatchJson(batch), months: jsonMonths, late_calls: late } };
}

function formatLateCall({
  contract,
  number,
  direction,
  started_at,
  other_number,
  duration,
  charge,
}: LateCall): string {
  const to = other_number === '' ? labels.withheld : formatPhoneNumber(other_number);
  const way = direction === OUTGOING ? labels.outgoing : labels.incoming;
  return `late: ${[contract, formatPhoneNumber(number), way, callStart(started_at), to, callDuration(duration), yenExact(charge)].join('  ')}`;
}

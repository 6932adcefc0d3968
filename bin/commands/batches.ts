import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { undoCallBatch } from '../../models/call/undo-batch';
import { type CallBatch, findCallBatch, listCallBatches, listCallBatchMonths } from '../../models/call/batch';
import { OUTGOING } from '../../models/call/new-call';
import { callDuration, callStart, monthLabel, timeLabel, yenExact } from '../../lib/values/format';
import { type LateCall, listLateCalls } from '../../models/call/late-calls';
import { publishedMonths } from '../../models/call/published-month';
import { showTelephone } from '../../models/phone-number/phone-number-format';
import { changedAfterPublishing } from './changed-after-publishing';
import { CommandError } from '../../lib/process/operator-error';
import { addCommand, countOf, type Finish, isoTime, type Outcome } from '../output';

const NEWEST = 1000;
const MOST_LATE = 1000;

interface JsonOption {
  json?: boolean;
}

/** `meisai batches …` */
export function addBatchesCommands(program: Command, finish: Finish): void {
  const group = program.command('batches').description('files of calls that were brought in');

  addCommand(group, 'list', `the newest ${NEWEST.toLocaleString('en')}`, { isDefault: true }).action(
    async ({ json }: JsonOption) => {
      const batches = await listCallBatches(NEWEST);
      const summary = [
        ...batches.map(batchLine),
        countOf(batches.length, 'batch').replace(/batchs$/, 'batches'),
      ];
      finish({ summary: summary.join('\n'), json: batches.map(shownBatch) }, json);
    },
  );
  addCommand(group, 'show', 'a batch by month, and its late calls')
    .argument('<id>', 'of the batch', batchId)
    .action(async (id: number, { json }: JsonOption) => finish(await show(id), json));
  addCommand(group, 'undo', 'take exactly the calls of a batch out again')
    .argument('<id>', 'of the batch', batchId)
    .action(async (id: number, { json }: JsonOption) => {
      finish(await undo(id), json);
    });
}

function batchId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number that meisai batches list shows');
}

async function undo(id: number): Promise<Outcome> {
  const removed = await undoCallBatch(id, userInfo().username);
  const months = (await listCallBatchMonths(id)).map(({ billing_month }) => billing_month);
  const published = [...(await publishedMonths(months))];
  const lines = [
    `Batch ${id} undone: ${countOf(removed, 'call')} taken out`,
    ...(published.length > 0 && removed > 0 ? [changedAfterPublishing(published)] : []),
  ];
  return { summary: lines.join('\n'), json: { id, removed, published_months: published } };
}

const shownBatch = ({ imported_at, undone_at, ...batch }: CallBatch) => ({
  ...batch,
  imported_at: isoTime(imported_at),
  undone_at: isoTime(undone_at),
});

function batchLine(batch: CallBatch): string {
  const { id, imported_at, imported_by, format, file_name, added, duplicates, rejected, late, charge } =
    batch;
  const counts = [
    countOf(added, 'call'),
    yenExact(charge),
    ...(duplicates > 0 ? [`${duplicates.toLocaleString('en')} already there`] : []),
    ...(rejected > 0 ? [`${rejected.toLocaleString('en')} rejected`] : []),
    ...(late > 0 ? [`${late.toLocaleString('en')} late`] : []),
    ...(batch.undone_at === null ? [] : [`undone ${timeLabel(batch.undone_at)} by ${batch.undone_by}`]),
  ];
  return [id, timeLabel(imported_at), imported_by, format, file_name, counts.join(', ')].join('  ');
}

async function show(id: number): Promise<Outcome> {
  const batch = await findCallBatch(id);
  if (!batch) throw new CommandError(`There is no batch ${id}`);
  const months = await listCallBatchMonths(id);
  const late = await listLateCalls(id, MOST_LATE);
  const lines = [
    batchLine(batch),
    `SHA-256 ${batch.sha256}`,
    ...months.map(
      ({ billing_month, calls, duration, charge, late: isLate }) =>
        `${monthLabel(billing_month)}: ${countOf(calls, 'call')}, ${callDuration(duration)}, ${yenExact(charge)}${isLate ? ', late: the month was published' : ''}`,
    ),
    ...late.map(lateLine),
  ];
  const shownMonths = months.map((month) => ({ ...month, late: Boolean(month.late) }));
  return { summary: lines.join('\n'), json: { ...shownBatch(batch), months: shownMonths, late_calls: late } };
}

function lateLine({
  contract,
  number,
  direction,
  started_at,
  other_number,
  duration,
  charge,
}: LateCall): string {
  const to = other_number === '' ? '非通知' : showTelephone(other_number);
  const way = direction === OUTGOING ? '発信' : '着信';
  return `late: ${[contract, showTelephone(number), way, callStart(started_at), to, callDuration(duration), yenExact(charge)].join('  ')}`;
}

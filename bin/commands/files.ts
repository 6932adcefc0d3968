import type { Command } from 'commander';
import { type ListedDetailFile, listDetailFiles } from '../../models/detail-file/admin-list';
import { deleteExpiredDetailFiles } from '../../models/detail-file/retention';
import { timeLabel } from '../../lib/values/format';
import { monthLabel } from '../../models/billing/month-label';
import { addCommand, formatCount, type Report, toIsoTime } from './output';

const MAX_FILES = 1000;

/** `meisai files …` */
export function addFilesCommands(program: Command, report: Report): void {
  const group = program.command('files').description('detail files that customers asked for');

  addCommand(group, 'list', `requests and files, the newest ${MAX_FILES.toLocaleString('en')}`).action(
    async () => {
      const files = await listDetailFiles(MAX_FILES);
      const summary = [...files.map(formatFile), formatCount(files.length, 'file')].join('\n');
      report({ summary, json: files.map(toFileJson) });
    },
  );

  addCommand(
    group,
    'delete-expired',
    'remove the files that are past their time (the worker does so too)',
  ).action(async () => {
    const removed = await deleteExpiredDetailFiles();
    report({ summary: `Removed ${formatCount(removed, 'file')}`, json: { removed } });
  });
}

function formatFile(file: ListedDetailFile): string {
  const { id, contract_code, billing_month, kind, state, failure, bytes, removed_at, requested_at } = file;
  const now = removed_at === null ? state : 'removed';
  return [
    ...[id, contract_code, monthLabel(billing_month), kind, `asked for ${timeLabel(requested_at)}`, now],
    ...(failure === null ? [] : [failure]),
    ...(bytes === null ? [] : [formatCount(bytes, 'byte')]),
  ].join('  ');
}

const toFileJson = ({ requested_at, started_at, finished_at, removed_at, ...file }: ListedDetailFile) => ({
  ...file,
  requested_at: toIsoTime(requested_at),
  started_at: toIsoTime(started_at),
  finished_at: toIsoTime(finished_at),
  removed_at: toIsoTime(removed_at),
});

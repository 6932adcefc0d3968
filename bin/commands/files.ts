import type { Command } from 'commander';
import { type ListedDetailFile, listDetailFiles, purgeDetailFiles } from '../../models/detail-file/retention';
import { monthLabel, timeLabel } from '../../lib/values/format';
import { addCommand, countOf, type Finish, isoTime } from '../output';

const NEWEST = 1000;

/** `meisai files …` */
export function addFilesCommands(program: Command, finish: Finish): void {
  const group = program.command('files').description('detail files that customers asked for');

  addCommand(group, 'list', `requests and files, the newest ${NEWEST.toLocaleString('en')}`).action(
    async ({ json }: { json?: boolean }) => {
      const files = await listDetailFiles(NEWEST);
      const summary = [...files.map(fileLine), countOf(files.length, 'file')].join('\n');
      finish({ summary, json: files.map(shownFile) }, json);
    },
  );

  addCommand(group, 'purge', 'remove the files that are past their time (the worker does so too)').action(
    async ({ json }: { json?: boolean }) => {
      const removed = await purgeDetailFiles();
      finish({ summary: `Removed ${countOf(removed, 'file')}`, json: { removed } }, json);
    },
  );
}

function fileLine(file: ListedDetailFile): string {
  const { id, contract_code, billing_month, kind, state, failure, bytes, removed_at, requested_at } = file;
  const now = removed_at === null ? state : 'removed';
  return [
    ...[id, contract_code, monthLabel(billing_month), kind, `asked for ${timeLabel(requested_at)}`, now],
    ...(failure === null ? [] : [failure]),
    ...(bytes === null ? [] : [countOf(bytes, 'byte')]),
  ].join('  ');
}

const shownFile = ({ requested_at, started_at, finished_at, removed_at, ...file }: ListedDetailFile) => ({
  ...file,
  requested_at: isoTime(requested_at),
  started_at: isoTime(started_at),
  finished_at: isoTime(finished_at),
  removed_at: isoTime(removed_at),
});

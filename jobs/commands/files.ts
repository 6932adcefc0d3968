import type { Command } from 'commander';
import { listDetailFiles, purgeDetailFiles } from '../../models/detail-file/keep';
import { addCommand, countOf, type Finish } from './outcome';

const NEWEST = 1000;

/** `meisai files …` */
export function addFilesCommands(program: Command, finish: Finish): void {
  const group = program.command('files').description('detail files that customers asked for');

  addCommand(group, 'list', `requests and files, the newest ${NEWEST.toLocaleString('en')}`).action(
    async ({ json }: { json?: boolean }) => {
      const files = await listDetailFiles(NEWEST);
      const lines = files.map(({ id, contract_code, billing_month, kind, state, bytes }) =>
        [id, contract_code, billing_month, kind, state, `${bytes} bytes`].join('  '),
      );
      finish({ summary: [...lines, countOf(files.length, 'file')].join('\n'), json: files }, json);
    },
  );

  addCommand(group, 'purge', 'remove the files that are past their time (the worker does so too)').action(
    async ({ json }: { json?: boolean }) => {
      const removed = await purgeDetailFiles();
      finish({ summary: `Removed ${countOf(removed, 'file')}`, json: { removed } }, json);
    },
  );
}

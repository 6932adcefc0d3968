import type { Command } from 'commander';
import { copyDatabase } from '../../models/copy-database';
import { addCommand, countOf, type Finish } from '../output';

/** `meisai copy-database` */
export function addCopyDatabaseCommand(program: Command, finish: Finish): void {
  addCommand(program, 'copy-database <from> <to>', 'move from sqlite:PATH to an empty postgres://…').action(
    async (from: string, to: string, { json }: { json?: boolean }) => {
      const tables = await copyDatabase(from, to, ({ table, rows }) => {
        if (process.stderr.isTTY) process.stderr.write(`${table}: ${countOf(rows, 'row')}\n`);
      });
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      const summary = `Copied ${countOf(tables.length, 'table')}, ${countOf(rows, 'row')}; counts and sums agree`;
      finish({ summary, json: { tables } }, json);
    },
  );
}

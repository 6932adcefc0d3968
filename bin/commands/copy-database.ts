import type { Command } from 'commander';
import { copyDatabase } from '../../models/copy-database';
import { addCommand, formatCount, type Report } from './output';

/** `meisai copy-database` */
export function addCopyDatabaseCommand(program: Command, report: Report): void {
  addCommand(program, 'copy-database <from> <to>', 'move from sqlite:PATH to an empty postgres://…').action(
    async (from: string, to: string) => {
      const tables = await copyDatabase(from, to, ({ table, rows }) => {
        if (process.stderr.isTTY) process.stderr.write(`${table}: ${formatCount(rows, 'row')}\n`);
      });
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      const summary = `Copied ${formatCount(tables.length, 'table')}, ${formatCount(rows, 'row')}; counts and sums agree`;
      report({ summary, json: { tables } });
    },
  );
}

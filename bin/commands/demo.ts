import type { Command } from 'commander';
import { listDemoAccounts, loadDemo } from '../../jobs/demo/load-demo';
import { addCommand, type Report } from './output';

/** `meisai demo` */
export function addDemoCommand(program: Command, report: Report): void {
  addCommand(program, 'demo', 'load the demonstration customers; safe to run twice')
    .option('--large', 'also a customer with 1,000 numbers and 200,000 calls in a month')
    .action(async ({ large }: { large?: boolean }) => {
      const added = await loadDemo({ large });
      const accounts = await listDemoAccounts();
      const logins = accounts.map(({ login, password }) => `  ${login}  ${password}`);
      const summary = [`Demonstration data: ${added.toLocaleString('en')} calls added`, ...logins].join('\n');
      report({ summary, json: { added, accounts } });
    });
}

import type { Command } from 'commander';
import { demoAccounts, loadDemo } from '../../jobs/demo/load-demo';
import { addCommand, type Finish } from '../output';

/** `meisai demo` */
export function addDemoCommand(program: Command, finish: Finish): void {
  addCommand(program, 'demo', 'load the demonstration customers; safe to run twice')
    .option('--large', 'also a customer with 1,000 numbers and 200,000 calls in a month')
    .action(async ({ large, json }: { large?: boolean; json?: boolean }) => {
      const added = await loadDemo({ large });
      const accounts = await demoAccounts();
      const logins = accounts.map(({ login, password }) => `  ${login}  ${password}`);
      const summary = [`Demonstration data: ${added.toLocaleString('en')} calls added`, ...logins].join('\n');
      finish({ summary, json: { added, accounts } }, json);
    });
}

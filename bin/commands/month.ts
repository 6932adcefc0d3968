import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { now } from '../../lib/values/clock';
import { timeLabel } from '../../lib/values/format';
import { monthLabel } from '../../models/billing/month-label';
import { type BillingMonth, listPastMonths } from '../../models/billing/month';
import { labels } from '../../models/call/labels';
import { listPublishedMonths, publishMonth, withdrawMonth } from '../../models/call/published-month';
import { CommandError } from '../../lib/process/operator-error';
import { parseMonthArgument } from './month-argument';
import { addCommand, formatCount, type Report } from './output';

/** `meisai month …` */
export function addMonthCommands(program: Command, report: Report): void {
  const group = program.command('month').description('months whose charges are final');

  addCommand(
    group,
    'publish',
    `make a month’s charges final for customers (${labels.final}, before that ${labels.provisional})`,
  )
    .argument('<month>', 'such as 201711', parseMonthArgument)
    .action(async (month: BillingMonth) => {
      if (month > (listPastMonths(now(), 1)[0] ?? 0))
        throw new CommandError(`${monthLabel(month)} is not over yet`);
      const published = await publishMonth(month, userInfo().username);
      const what = published ? 'published' : 'had been published before';
      report({ summary: `${monthLabel(month)} ${what}`, json: { month, published } });
    });
  addCommand(group, 'withdraw', `take a publishing back: the charges are ${labels.provisional} again`)
    .argument('<month>', 'such as 201711', parseMonthArgument)
    .action(async (month: BillingMonth) => {
      if (!(await withdrawMonth(month)))
        throw new CommandError(`${monthLabel(month)} has not been published`);
      report({ summary: `${monthLabel(month)} is no longer published`, json: { month, published: false } });
    });
  addCommand(group, 'list', 'the months that have been published').action(async () => {
    const months = await listPublishedMonths();
    const lines = months.map(
      ({ billing_month, published_at, published_by }) =>
        `${monthLabel(billing_month)}  ${timeLabel(published_at)}  ${published_by}`,
    );
    const jsonMonths = months.map(({ published_at, ...month }) => ({
      ...month,
      published_at: new Date(published_at).toISOString(),
    }));
    report({
      summary: [...lines, `${formatCount(months.length, 'month')} published`].join('\n'),
      json: jsonMonths,
    });
  });
}

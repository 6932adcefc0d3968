import type { Command } from 'commander';
import { yenExact } from '../../lib/values/format';
import { monthLabel } from '../../models/billing/month-label';
import type { BillingMonth } from '../../models/billing/month';
import { findPublishedMonths } from '../../models/call/published-month';
import { rerateMonth } from '../../models/rating/rerate-month';
import { withProgress } from '../../lib/process/progress';
import { loadTariff } from '../../jobs/import/tables/tariff';
import { formatPublishedWarning } from './changed-after-publishing';
import { parseMonthArgument } from './month-argument';
import { addCommand, formatCount, type Report } from './output';

interface RerateOptions {
  tariff: string;
  contract?: string;
  types?: boolean;
}

/** `meisai rerate` */
export function addRerateCommand(program: Command, report: Report): void {
  addCommand(program, 'rerate', 'rate a month’s calls anew: charges and sums, all or nothing')
    .argument('<month>', 'such as 201711', parseMonthArgument)
    .requiredOption('--tariff <name>', 'by which tariff; “sample” is built in')
    .option('--contract <code>', 'of one contract only')
    .option('--types', 'call types become those of the tariff, too')
    .action(async (month: BillingMonth, options: RerateOptions) => {
      const result = await rerate(month, options);
      const { calls, changed, before, after } = result;
      const published = (await findPublishedMonths([month])).has(month);
      const counts = `${formatCount(calls, 'call')} rated, ${changed.toLocaleString('en')} changed, ${yenExact(before)} → ${yenExact(after)}`;
      const note = published && changed > 0 ? `\n${formatPublishedWarning([month])}` : '';
      report({ summary: `${monthLabel(month)}: ${counts}${note}`, json: { month, published, ...result } });
    });
}

async function rerate(month: BillingMonth, { tariff, contract, types }: RerateOptions) {
  const rates = await loadTariff(tariff);
  return withProgress((progress) => {
    let started = false;
    return rerateMonth({ month, rates, contract, withTypes: types }, (calls, all) => {
      if (!started) progress?.start(monthLabel(month), all);
      started = true;
      progress?.update(calls, calls);
    });
  });
}

import type { Command } from 'commander';
import { monthLabel, yenExact } from '../../lib/values/format';
import type { BillingMonth } from '../../models/billing/month';
import { publishedMonths } from '../../models/call/published-month';
import { rerateMonth } from '../../models/rating/rerate-month';
import { withProgress } from '../../jobs/import/import-progress';
import { loadTariff } from '../../jobs/import/tables/tariff';
import { changedAfterPublishing } from './changed-after-publishing';
import { monthArgument } from './month-argument';
import { addCommand, countOf, type Finish } from '../output';

interface RateOptions {
  tariff: string;
  contract?: string;
  types?: boolean;
  json?: boolean;
}

/** `meisai rate` */
export function addRateCommand(program: Command, finish: Finish): void {
  addCommand(program, 'rate', 'rate a month’s calls anew: charges and sums, all or nothing')
    .argument('<month>', 'such as 201711', monthArgument)
    .requiredOption('--tariff <name>', 'by which tariff; “sample” is built in')
    .option('--contract <code>', 'of one contract only')
    .option('--types', 'call types become those of the tariff, too')
    .action(async (month: BillingMonth, { json, ...options }: RateOptions) => {
      const result = await rate(month, options);
      const { calls, changed, before, after } = result;
      const published = (await publishedMonths([month])).has(month);
      const counts = `${countOf(calls, 'call')} rated, ${changed.toLocaleString('en')} changed, ${yenExact(before)} → ${yenExact(after)}`;
      const note = published && changed > 0 ? `\n${changedAfterPublishing([month])}` : '';
      finish(
        { summary: `${monthLabel(month)}: ${counts}${note}`, json: { month, published, ...result } },
        json,
      );
    });
}

async function rate(month: BillingMonth, { tariff, contract, types }: RateOptions) {
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

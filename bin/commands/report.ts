import type { Command } from 'commander';
import type { CallTotals } from '../../models/call/call-totals';
import { labels } from '../../models/call/labels';
import { getControlTotals } from '../../models/charges/control-total';
import { findContractByCode } from '../../models/contract/contract';
import { clockDuration, yenExact } from '../../lib/values/format';
import { monthLabel } from '../../models/billing/month-label';
import type { BillingMonth } from '../../models/billing/month';
import { findPublishedMonths } from '../../models/call/published-month';
import { CommandError } from '../../lib/process/operator-error';
import { parseMonthArgument } from './month-argument';
import { addCommand, formatCount, type Report, type CommandResult } from './output';

interface ReportOptions {
  contract?: string;
}

/** `meisai report` */
export function addReportCommand(program: Command, report: Report): void {
  addCommand(
    program,
    'report',
    'control totals of a month: calls, duration and charge by call type and contract',
  )
    .argument('<month>', 'such as 201711', parseMonthArgument)
    .option('--contract <code>', 'of one contract only')
    .action(async (month: BillingMonth, { contract }: ReportOptions) =>
      report(await buildReport(month, contract)),
    );
}

async function buildReport(month: BillingMonth, contract: string | undefined): Promise<CommandResult> {
  if (contract !== undefined && !(await findContractByCode(contract)))
    throw new CommandError(`There is no contract ${contract}`);
  const totals = await getControlTotals(month, contract);
  const isPublished = (await findPublishedMonths([month])).has(month);
  const rows: [string, CallTotals][] = [
    ...totals.by_call_type.map((row): [string, CallTotals] => [`${row.call_type} ${row.label}`, row]),
    ...totals.by_contract.map((row): [string, CallTotals] => [`${row.contract} ${row.service}`, row]),
    ['all outgoing', totals.outgoing],
    ['all incoming', totals.incoming],
  ];
  const heading = `${monthLabel(month)} (${isPublished ? labels.final : labels.provisional})`;
  return {
    summary: [heading, ...rows.map(([name, sums]) => formatReportLine(name, sums))].join('\n'),
    json: { ...totals, published: isPublished },
  };
}

const formatReportLine = (name: string, { calls, duration, charge }: CallTotals): string =>
  `${name}: ${formatCount(calls, 'call')}  ${clockDuration(duration)}  ${yenExact(charge)}`;

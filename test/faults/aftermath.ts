import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BillingMonth } from '../../models/billing/month';
import type { Installation } from '../kit/installation';
import { type ListedFile, storedIn, strayFiles, wrongFiles } from './stored-files';
import type { FileTotals } from './whole-file';

const PATIENCE_MS = 30_000;
const POLL_MS = 500;

interface MonthReport {
  by_contract: { contract: string; calls: number; charge: number }[];
}

/**
 * What must hold after each fault, asked as the operator would: every request has come to its end, only whole files are
 * stored and nothing temporary, the sums are those of the calls, and the calls those that were brought in.
 *
 * @throws Error that names the first thing that does not
 */
export async function checkAftermath(
  installation: Installation,
  month: BillingMonth,
  expected: Map<string, FileTotals>,
): Promise<void> {
  const [report] = await Promise.all([
    installation.command<MonthReport>('report', String(month)),
    // Fails where sums and calls do not agree.
    installation.command('summary', 'check'),
    untilNothingIsWrong(() => wrongInFolder(installation)),
  ]);
  fail(wrongTotals(report.result, expected));
}

async function wrongInFolder(installation: Installation): Promise<string[]> {
  const { result } = await installation.command<ListedFile[]>('files', 'list');
  const stored = storedIn(path.join(installation.folder, 'detail-files'));
  return [...wrongFiles(result, stored), ...strayFiles(installation.folder)];
}

export function wrongTotals({ by_contract }: MonthReport, expected: Map<string, FileTotals>): string[] {
  return [...expected].flatMap(([code, { lines, charge }]) => {
    const found = by_contract.find(({ contract }) => contract === code) ?? { calls: 0, charge: 0 };
    return found.calls === lines && found.charge === charge
      ? []
      : [`${code} has ${found.calls} calls of ${found.charge}, where ${lines} of ${charge} were brought in`];
  });
}

async function untilNothingIsWrong(find: () => Promise<string[]>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const wrong = await find();
    if (wrong.length === 0 || Date.now() > deadline) {
      fail(wrong);
      return;
    }
    await delay(POLL_MS);
  }
}

function fail([first]: string[]): void {
  if (first !== undefined) throw new Error(first);
}

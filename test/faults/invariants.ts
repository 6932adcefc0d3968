import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BillingMonth } from '../../models/billing/month';
import type { Installation } from '../kit/installation';
import { type ListedFile, readStoredSizes, listStrayFiles, listFileProblems } from './stored-files';
import type { FileTotals } from './whole-file';

const TIMEOUT_MS = 30_000;
const POLL_MS = 500;

interface MonthReport {
  by_contract: { contract: string; calls: number; charge: number }[];
}

/**
 * Checks with the operator's own commands what must hold after each fault: every request is finished, only complete
 * files and nothing temporary are stored, the sums match the calls, and the calls are those that were imported.
 *
 * @throws Error for the first invariant that is broken
 */
export async function checkInvariants(
  installation: Installation,
  month: BillingMonth,
  expected: Map<string, FileTotals>,
): Promise<void> {
  const [report] = await Promise.all([
    installation.runCommand<MonthReport>('report', String(month)),
    // Fails where sums and calls do not agree.
    installation.runCommand('sums', 'check'),
    untilNoProblems(() => listFolderProblems(installation)),
  ]);
  throwFirst(listTotalProblems(report.result, expected));
}

async function listFolderProblems(installation: Installation): Promise<string[]> {
  const { result } = await installation.runCommand<ListedFile[]>('files', 'list');
  const stored = readStoredSizes(path.join(installation.folder, 'detail-files'));
  return [...listFileProblems(result, stored), ...listStrayFiles(installation.folder)];
}

export function listTotalProblems({ by_contract }: MonthReport, expected: Map<string, FileTotals>): string[] {
  return [...expected].flatMap(([code, { lines, charge }]) => {
    const found = by_contract.find(({ contract }) => contract === code) ?? { calls: 0, charge: 0 };
    return found.calls === lines && found.charge === charge
      ? []
      : [`${code} has ${found.calls} calls of ${found.charge}, where ${lines} of ${charge} were brought in`];
  });
}

async function untilNoProblems(find: () => Promise<string[]>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const wrong = await find();
    if (wrong.length === 0 || Date.now() > deadline) {
      throwFirst(wrong);
      return;
    }
    await delay(POLL_MS);
  }
}

function throwFirst([first]: string[]): void {
  if (first !== undefined) throw new Error(first);
}

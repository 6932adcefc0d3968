import { readFileSync } from 'node:fs';
import { childrenOf } from '../../kit/processes';
import TestEnvironment from '../../support/environment';
import { isAlive } from '../../support/process';

/** Ends the programs that a test file has started and, where a test or its end has failed, left behind. */
export default class BrowserEnvironment extends TestEnvironment {
  override async teardown(): Promise<void> {
    try {
      await super.teardown();
    } finally {
      for (const pid of descendantsOf(process.pid)) endLeftover(pid);
    }
  }
}

const descendantsOf = (pid: number): number[] => {
  try {
    return childrenOf(pid).flatMap((child) => [...descendantsOf(child), child]);
  } catch {
    // It has ended meanwhile.
    return [];
  }
};

function endLeftover(pid: number): void {
  if (!isAlive(pid)) return;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 100);
  process.stderr.write(`Still running at the end of the test file, and ended: ${command}\n`);
  process.kill(pid, 'SIGKILL');
}

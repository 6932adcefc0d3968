import { readFileSync } from 'node:fs';
import { listChildren } from '../../kit/processes';
import TestEnvironment from '../../support/environment';
import { isAlive } from '../../support/process';

/** Ends the programs that a test file has started and, where a test or its end has failed, left behind. */
export default class BrowserEnvironment extends TestEnvironment {
  override async teardown(): Promise<void> {
    try {
      await super.teardown();
    } finally {
      for (const pid of listDescendants(process.pid)) endLeftover(pid);
    }
  }
}

const listDescendants = (pid: number): number[] => {
  try {
    return listChildren(pid).flatMap((child) => [...listDescendants(child), child]);
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

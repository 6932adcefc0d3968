import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The numbers of the processes that this one has started. */
export const listChildren = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The numbers of the workers that `npm start`, the process of this number, keeps running. */
export const listWorkers = (portal: number): number[] =>
  listChildren(portal).filter((pid) => readCommandLine(pid).includes('meisai.js\0worker'));

/**
 * Lets no file of a process that runs grow over so many bytes, as a full disk would, until the limit is lifted:
 * its own hard limit stays.
 */
export function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
  if (status !== 0 && readCommandLine(pid) !== '') throw new Error(`prlimit: ${stderr.toString()}`);
}

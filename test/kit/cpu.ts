import { readFileSync } from 'node:fs';
import { listChildren } from './processes';

/** Ticks of a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;
/** Of what follows the name in /proc/PID/stat: utime, stime, cutime, cstime. */
const FIRST_TIME = 11;

/**
 * Seconds of CPU that a process has had, its ended threads and the children it has waited for included; 0 where it has
 * ended.
 */
export function readCpu(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(FIRST_TIME, FIRST_TIME + 4).map(Number);
    return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
  } catch {
    return 0;
  }
}

/** The same of a process and all that it has started and that still runs. */
export function readTreeCpu(pid: number): number {
  return listTree(pid).reduce((sum, one) => sum + readCpu(one), 0);
}

/** The numbers of a process and of all below it. */
export function listTree(pid: number): number[] {
  return [pid, ...listLivingChildren(pid).flatMap(listTree)];
}

function listLivingChildren(pid: number): number[] {
  try {
    return listChildren(pid);
  } catch {
    return [];
  }
}

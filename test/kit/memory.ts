import { readFileSync } from 'node:fs';

const PERIOD_MS = 20;

/** The most memory that a process has had, in bytes; 0 where it has ended, or the system has no /proc. */
export function readPeakMemory(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Follows a process to its end, after which nobody can ask. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, readPeakMemory(pid));
  };
  const timer = setInterval(sample, PERIOD_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

import { readFileSync } from 'node:fs';

const PERIOD_MS = 20;

/** The most memory that a process has had, in bytes; 0 where it has ended, or the system has no /proc. */
export function peakMemory(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Follows a process to its end, after which nobody can ask. */
export function watchMemory(pid: number): { stop(): number } {
  let most = 0;
  const look = () => {
    most = Math.max(most, peakMemory(pid));
  };
  const timer = setInterval(look, PERIOD_MS);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

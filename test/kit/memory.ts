import { readFileSync } from 'node:fs';

const PERIOD_MS = 20;

/** Returns the peak memory of a process, in bytes; 0 if it has ended or there is no /proc. */
export function readPeakMemory(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Samples the peak memory of a process until it ends, because it cannot be read afterwards. */
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

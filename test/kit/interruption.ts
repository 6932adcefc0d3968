/** Cleans up when the program is told to stop before its end, which then has exit code 1. */
export function onInterruption(close: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void close().finally(() => process.exit(1)));
}

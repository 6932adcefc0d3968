import { log } from '../log';

const MAX_STOP_MS = 9800;

// npm forwards a Ctrl-C that the terminal has already sent to this process.
const SAME_SIGNAL_MS = 500;

/**
 * Shuts this process down in order at the first SIGTERM or SIGINT, within 10 s and with exit code 0; a second signal ends
 * it at once. Its child processes end with it.
 */
export function onStopSignal(close: () => Promise<void>): void {
  let stopping: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping !== undefined) {
      if (Date.now() - stopping > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stopping = Date.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), MAX_STOP_MS);
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

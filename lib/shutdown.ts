import { log } from '../log';

const MAX_STOP_MS = 9800;

// npm passes on a Ctrl-C that the terminal has sent to this process already.
const SAME_SIGNAL_MS = 500;

/**
 * Ends this process in order at the first SIGTERM or SIGINT, within 10 s, with exit code 0; at once at a second.
 * What this process has started ends with it.
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

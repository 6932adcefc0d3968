import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a long job is. `bytes` may be another unit, as long as both calls use the same. */
export interface ProgressBar {
  start(file: string, bytes: number): void;
  update(rows: number, bytes: number): void;
  stop(): void;
}

const FORMAT = '{file} {bar} {percentage}% | {rows} rows | {rate} rows/s | {eta_formatted} left';

/** A bar on standard error; undefined if that is not a terminal. */
function createTerminalProgress(): ProgressBar | undefined {
  if (!process.stderr.isTTY) return undefined;
  const bar = new SingleBar(
    { format: FORMAT, stream: process.stderr, hideCursor: true },
    Presets.shades_grey,
  );
  let started = 0;
  return {
    start(file, bytes) {
      started = Date.now();
      bar.start(bytes, 0, { file, rows: 0, rate: '-' });
    },
    update(rows, bytes) {
      const rate = Math.round((rows * 1000) / Math.max(1, Date.now() - started));
      bar.update(bytes, { rows, rate });
    },
    stop: () => bar.stop(),
  };
}

/** Runs a job that may take long, and removes its bar when it ends or fails. */
export async function withProgress<T>(work: (progress?: ProgressBar) => Promise<T>): Promise<T> {
  const progress = createTerminalProgress();
  try {
    return await work(progress);
  } finally {
    progress?.stop();
  }
}

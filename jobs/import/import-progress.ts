import { Presets, SingleBar } from 'cli-progress';

/** Tells how far a long work is, where somebody watches. `bytes`, or what else is gone through, against the whole. */
export interface ImportProgress {
  start(file: string, bytes: number): void;
  update(rows: number, bytes: number): void;
  stop(): void;
}

const FORMAT = '{file} {bar} {percentage}% | {rows} rows | {rate} rows/s | {eta_formatted} left';

/** A bar on standard error; undefined where that is no terminal. */
function createTerminalProgress(): ImportProgress | undefined {
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

/** Runs a work that may take long, and takes its bar away when it ends or fails. */
export async function withProgress<T>(work: (progress?: ImportProgress) => Promise<T>): Promise<T> {
  const progress = createTerminalProgress();
  try {
    return await work(progress);
  } finally {
    progress?.stop();
  }
}

import { cpus, totalmem } from 'node:os';

/** One line of the table. Times in seconds, memory in bytes. */
export interface Measurement {
  work: string;
  reference?: number;
  ours: number;
  /** Above 1 (or, of pages, below the target) is better; the target says which. */
  ratio?: number;
  target?: string;
  /** Per second. */
  rate?: number;
  memory?: number;
  note?: string;
}

export interface BenchReport {
  date: string;
  machine: string;
  rows: number;
  rounds: number;
  skipped: string[];
  measurements: Measurement[];
}

export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores, ${memory} GB, Node ${process.versions.node}`;
}

export const formatSeconds = (value: number): string =>
  value < 1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toFixed(2)} s`;
const formatMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const header = ['work', 'reference', 'ours', 'ratio', 'target', 'per second', 'peak memory', 'note'];

const toCells = (row: Measurement): string[] => [
  row.work,
  row.reference === undefined ? '–' : formatSeconds(row.reference),
  formatSeconds(row.ours),
  row.ratio === undefined ? '–' : row.ratio.toFixed(2),
  row.target ?? '–',
  row.rate === undefined ? '–' : Math.round(row.rate).toLocaleString('en'),
  row.memory === undefined ? '–' : formatMegabytes(row.memory),
  row.note ?? '',
];

/** A table in Markdown, which is as good to read on a terminal. */
export function formatReport({ date, machine, rows, rounds, skipped, measurements }: BenchReport): string {
  const lines = [header, ...measurements.map(toCells)];
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const written = lines.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [
    `${date}, ${machine}; ${rows.toLocaleString('en')} calls, medians of ${rounds}`,
    ...skipped.map((what) => `skipped: ${what}`),
    '',
    ...[...written.slice(0, 1), rule, ...written.slice(1)],
  ].join('\n');
}

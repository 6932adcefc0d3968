import type { Cost } from '../kit/measured-process';
import type { BenchReport, Result } from './report';
import type { Goal } from './rows';

const formatSeconds = (value: number): string =>
  value < 1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toFixed(2)} s`;
const formatMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 1 : 0)} MB`;

const formatOrDash = <Value>(value: Value | undefined, format: (value: Value) => string): string =>
  value === undefined ? '–' : format(value);

/** ≥ 2 is of the ratio, ≤ × 1.15 of its reverse. */
export function formatGoal(goal: Goal | undefined): string {
  if (!goal) return '–';
  const parts = [
    goal.ratio !== undefined && `≥ ${goal.ratio}`,
    goal.growth !== undefined && `≤ × ${goal.growth}`,
    goal.refused !== undefined && (goal.refused === 0 ? 'none refused' : `≤ ${goal.refused} refused`),
    goal.seconds !== undefined && `≤ ${goal.seconds} s`,
    goal.cpu !== undefined && `≤ ${goal.cpu} s of CPU`,
    goal.memory !== undefined && `≤ ${goal.memory} MB of memory`,
    goal.log !== undefined && `≤ ${goal.log} MB of log`,
    goal.disk !== undefined && `≤ ${goal.disk} MB on disk`,
    goal.transfer !== undefined && `≤ ${goal.transfer} kB sent`,
  ];
  return parts.filter(Boolean).join(', ') || '–';
}

/** Where wall time decides, several had a part in it. */
const formatCpu = (cost: Cost | undefined, decides: Result['decides']): string =>
  decides === 'seconds' ? '–' : formatOrDash(cost?.cpu, formatSeconds);

/** As its goal has it: how many times quicker, or how many times as much. */
function formatRatio({ ratio, growth, target, isGrowth }: Result): string {
  if (ratio === undefined || growth === undefined) return '–';
  return target?.growth === undefined && !isGrowth ? ratio.toFixed(2) : `× ${growth.toFixed(2)}`;
}

const columns: Record<string, (result: Result) => string> = {
  work: ({ work }) => work,
  database: ({ on }) => (on === 'any' ? '–' : on),
  'compared with': ({ against }) => against ?? '–',
  'CPU: reference': ({ reference, decides }) => formatCpu(reference, decides),
  ours: ({ ours, decides }) => formatCpu(ours, decides),
  ratio: formatRatio,
  target: ({ target }) => formatGoal(target),
  ambition: ({ ambition }) => formatGoal(ambition),
  reached: ({ reached }) => reached,
  'wall time: reference': ({ reference }) => formatOrDash(reference?.seconds, formatSeconds),
  'ours ': ({ ours }) => formatOrDash(ours?.seconds, formatSeconds),
  'per second': ({ perSecond }) => formatOrDash(perSecond, (count) => Math.round(count).toLocaleString('en')),
  'peak memory': ({ ours }) => formatOrDash(ours?.memory, formatMegabytes),
  'write-ahead log': ({ ours }) => formatOrDash(ours?.log, formatMegabytes),
  note: (result) => formatNote(result),
};

function formatNote({ note, refused, disk }: Result): string {
  const parts = [
    ...(refused === undefined ? [] : [`${refused} refused`]),
    ...(disk === undefined ? [] : [`${formatMegabytes(disk)} on disk`]),
    ...(note === undefined ? [] : [note]),
  ];
  return parts.join('; ');
}

/** A table in Markdown, which is as good to read on a terminal. */
export function formatReport({ date, machine, commit, rows, rounds, skipped, results }: BenchReport): string {
  const lines = [
    Object.keys(columns).map((name) => name.trim()),
    ...results.map((result) => Object.values(columns).map((format) => format(result))),
  ];
  const widths = Object.keys(columns).map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const written = lines.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [
    `${date}, ${machine}, ${commit}; files of ${rows.toLocaleString('en')} calls, medians of ${rounds}`,
    ...skipped.map((what) => `skipped: ${what}`),
    '',
    ...[...written.slice(0, 1), rule, ...written.slice(1)],
    '',
    summarize(results),
  ].join('\n');
}

/** 9 reached, 3 of them the ambition; 4 missed; 5 not measured */
function summarize(results: readonly Result[]): string {
  const goals = results.filter(({ target }) => target);
  const count = (reached: Result['reached']) => goals.filter((result) => result.reached === reached).length;
  const [ambition, target] = [count('ambition'), count('target')];
  return `targets: ${ambition + target} reached, ${ambition} of them with their ambition; ${count('missed')} missed; ${count('–')} not measured`;
}

import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import type { Cost } from '../kit/measured-process';
import { computeMedian } from '../kit/turns';
import type { EngineName } from './engine';
import type { Goal, Goals, Row } from './rows';

/** The measurements of a row: the cost of each round. */
export interface Measured {
  ours: readonly Cost[];
  reference?: readonly Cost[];
  /** What the ratio is of; CPU where not given. */
  decides?: 'cpu' | 'seconds';
  /** Lines, calls or requests of a round; or how many a second there were. */
  lines?: number;
  perSecond?: number;
  /** Requests that were answered by an error. */
  refused?: number;
  /** In bytes. */
  disk?: number;
  note?: string;
}

/** A line of the report. */
export interface Result {
  id: string;
  work: string;
  on: EngineName | 'any';
  against?: string;
  isGrowth?: boolean;
  /** Medians of the rounds. */
  ours?: Cost;
  reference?: Cost;
  /** What the ratio is of. */
  decides?: 'cpu' | 'seconds';
  /** Reference / ours. */
  ratio?: number;
  /** Ours / reference. */
  growth?: number;
  /** By wall time. */
  perSecond?: number;
  refused?: number;
  disk?: number;
  target?: Goal;
  ambition?: Goal;
  reached: Reached;
  note?: string;
  rounds?: Pick<Measured, 'ours' | 'reference'>;
}

/** `–`: there is no goal, or nothing was measured. */
export type Reached = 'ambition' | 'target' | 'missed' | '–';

export interface BenchReport {
  date: string;
  machine: string;
  commit: string;
  rows: number;
  rounds: number;
  skipped: string[];
  results: Result[];
}

export const FULL_ROWS = 1_000_000;

export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores, ${memory} GB, Node ${process.versions.node}`;
}

/** With `-dirty` where something has been changed since. */
export function describeCommit(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: __dirname });
  return status === 0 ? `commit ${stdout.toString().trim()}` : 'no commit';
}

/** `measured` is undefined where the row was left out, and `reason` says why. */
export function buildResult(
  row: Row,
  on: EngineName | 'any',
  rows: number,
  measured: Measured | undefined,
  reason = 'not measured',
): Result {
  const goals = row.on[on] ?? {};
  const named = {
    id: row.id,
    work: row.work,
    on,
    ...(row.against && { against: row.against }),
    ...(row.isGrowth && { isGrowth: true }),
    ...goals,
  };
  if (!measured) return { ...named, reached: '–', note: reason };
  const ours = computeMedianCost(measured.ours);
  const reference = measured.reference?.length ? computeMedianCost(measured.reference) : undefined;
  const { decides = 'cpu', lines, perSecond, refused, disk, note } = measured;
  const ratio = reference && reference[decides] / ours[decides];
  const figures = {
    ours,
    decides,
    ...(reference && { reference, ratio, growth: 1 / (ratio ?? 1) }),
    ...(lines !== undefined && { perSecond: lines / ours.seconds }),
    ...(perSecond !== undefined && { perSecond }),
    ...(refused !== undefined && { refused }),
    ...(disk !== undefined && { disk }),
  };
  // With fewer the start of the programs would decide.
  const isTooSmall = row.isForMillion === true && rows < FULL_ROWS;
  return {
    ...named,
    ...figures,
    reached: isTooSmall ? '–' : judge(goals, figures),
    ...(note && { note }),
    rounds: { ours: measured.ours, ...(measured.reference && { reference: measured.reference }) },
  };
}

type Figures = Pick<Result, 'ours' | 'ratio' | 'growth' | 'refused' | 'disk'>;

function judge({ target, ambition }: Goals, figures: Figures): Reached {
  const isTarget = target && meetsGoal(target, figures);
  if (isTarget === undefined) return '–';
  if (!isTarget) return 'missed';
  return ambition && meetsGoal(ambition, figures) ? 'ambition' : 'target';
}

/** Undefined where it cannot be said. */
function meetsGoal(goal: Goal, { ours, ratio, growth, refused, disk }: Figures): boolean | undefined {
  const checks = [
    goal.ratio === undefined || ratio === undefined ? undefined : ratio >= goal.ratio,
    isAtMost(growth, goal.growth),
    isAtMost(refused, goal.refused),
    isAtMost(ours?.seconds, goal.seconds),
    isAtMost(ours?.cpu, goal.cpu),
    isAtMost(ours?.memory, goal.memory, 1e6),
    isAtMost(ours?.log, goal.log, 1e6),
    isAtMost(disk, goal.disk, 1e6),
  ].filter((check) => check !== undefined);
  return checks.length === 0 ? undefined : checks.every(Boolean);
}

const isAtMost = (figure: number | undefined, goal: number | undefined, unit = 1): boolean | undefined =>
  goal === undefined || figure === undefined ? undefined : figure / unit <= goal;

function computeMedianCost(costs: readonly Cost[]): Cost {
  const pick = (name: keyof Cost) => costs.flatMap((cost) => cost[name] ?? []);
  const [memory, log] = [pick('memory'), pick('log')];
  return {
    seconds: computeMedian(pick('seconds')),
    cpu: computeMedian(pick('cpu')),
    ...(memory.length > 0 && { memory: computeMedian(memory) }),
    ...(log.length > 0 && { log: computeMedian(log) }),
  };
}

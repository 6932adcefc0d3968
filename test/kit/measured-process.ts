import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { listTree } from './cpu';
import { readPeakMemory } from './memory';

/** What a piece of work has taken. */
export interface Cost {
  /** Wall time, in seconds. */
  seconds: number;
  /** User and system time in seconds: of the process, of its children and, where it is known, of the database's server. */
  cpu: number;
  /** The most memory that one of its processes had, in bytes. */
  memory?: number;
  /** By how much the database's write-ahead log has grown, in bytes. */
  log?: number;
}

export interface MeasuredRun {
  cost: Cost;
  code: number;
  stdout: string;
}

export interface MeasuredOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** bash asks the kernel (getrusage) and so knows thousandths; what it says goes to a file descriptor of its own. */
const TIMED = `exec 4>&2; TIMEFORMAT='%3U %3S'; { time "$@" 2>&4; } 2>&3`;
const SAMPLE_MS = 20;

/** Runs a program to its end. What it says on stderr is seen; its exit code is the caller's to judge. */
export async function runMeasured(
  command: readonly string[],
  { env = process.env, cwd }: MeasuredOptions = {},
): Promise<MeasuredRun> {
  const started = performance.now();
  const child = spawn('bash', ['-c', TIMED, 'bash', ...command], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  running.add(child);
  const memory = watchTreeMemory(child.pid ?? 0);
  const stdout = collectText(child.stdout);
  const times = collectText(child.stdio[3] as Readable);
  const [code] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  const seconds = (performance.now() - started) / 1000;
  const cost = { seconds, cpu: parseTimes(times()), memory: memory.stop() };
  return { cost, code: code ?? 1, stdout: stdout() };
}

/** The same, of a program that has to end well. */
export async function runMeasuredOrFail(
  command: readonly string[],
  options?: MeasuredOptions,
): Promise<MeasuredRun> {
  const run = await runMeasured(command, options);
  if (run.code !== 0) throw new Error(`${command.join(' ')} ended with ${run.code}`);
  return run;
}

const running = new Set<ChildProcess>();

/** Ends those that still run, with all that they have started. */
export async function endMeasuredProcesses(): Promise<void> {
  for (const child of running) {
    const ended = once(child, 'close');
    listTree(child.pid ?? 0)
      .reverse()
      .forEach(endProcess);
    await ended;
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid);
  } catch {
    // It has ended meanwhile, as a parent may when its child ends.
  }
}

const parseTimes = (text: string): number =>
  text
    .trim()
    .split(' ')
    .reduce((sum, part) => sum + Number(part), 0);

function collectText(stream: Readable | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (data: string) => (text += data));
  return () => text;
}

/** Nobody can ask for the memory of a process that has ended, so it is asked for again and again. */
function watchTreeMemory(pid: number): { stop(): number } {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, ...listTree(pid).map(readPeakMemory));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../../config';
import { endChild } from './stop-child';
import { type Cost, runMeasured, runMeasuredOrFail } from './measured-process';
import { readPeakMemory, watchMemory } from './memory';

export interface CommandRun<Result> {
  result: Result;
  /** Wall time of the process, in seconds. */
  seconds: number;
  /** Peak memory, in bytes. */
  memory: number;
}

export interface MeasuredCommand<Result> {
  result: Result;
  cost: Cost;
}

export interface RunningProgram {
  pid: number;
  /** Returns its peak memory so far, in bytes. */
  getPeakMemory(): number;
  /** Returns its output so far. */
  readOutput(): string;
  /** Its exit code when it has ended; null if a signal ended it. */
  ended: Promise<number | null>;
  end(signal?: NodeJS.Signals): Promise<void>;
}

export type RunningServer = RunningProgram & { url: string };

const TIMEOUT_MS = 30_000;
const REJECTED = 2;
const meisaiProgram = path.join(projectRoot, 'bin', 'meisai.cjs');

/** A whole portal in a folder of its own, in production mode, run by its real programs. */
export class Installation {
  private readonly env: NodeJS.ProcessEnv;
  private readonly programs: RunningProgram[] = [];

  constructor(
    readonly folder: string,
    /** DATABASE_URL of the portal. */
    readonly database: string,
    /** Settings added to the defaults or overriding them. */
    settings: NodeJS.ProcessEnv = {},
  ) {
    mkdirSync(folder, { recursive: true });
    this.env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      DATA_DIR: folder,
      DATABASE_URL: database,
      SESSION_SECRET: 'a-secret-for-measurements-alone-of-32-characters',
      TRUST_PROXY: '1',
      PORT: '0',
      WORKERS: '0',
      // Production requires a gateway; nothing is ever sent.
      VERIFICATION_GATEWAY: 'twilio',
      TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
      TWILIO_AUTH_TOKEN: 'none',
      TWILIO_FROM: '+815000000000',
      TWILIO_API_URL: 'http://127.0.0.1:9/',
      PUBLIC_URL: 'https://portal.example/',
      ...settings,
    };
  }

  /** Runs `meisai … --json` as an operator does. */
  runCommand<Result>(...args: string[]): Promise<CommandRun<Result>> {
    return this.run<Result>([meisaiProgram, ...args, '--json']);
  }

  /** The same, with what it costs. Rejected lines (exit code 2) are no failure. */
  async measureCommand<Result>(...args: string[]): Promise<MeasuredCommand<Result>> {
    const command = [process.execPath, meisaiProgram, ...args, '--json'];
    const { code, cost, stdout } = await runMeasured(command, { env: this.env });
    if (code !== 0 && code !== REJECTED) throw new Error(`meisai ${args.join(' ')} ended with ${code}`);
    return { result: JSON.parse(stdout) as Result, cost };
  }

  /** What a program costs that is run to its end with these settings; Node's arguments. */
  async measureNode(...args: string[]): Promise<Cost> {
    return (await runMeasuredOrFail([process.execPath, ...args], { env: this.env })).cost;
  }

  /** Runs a program that prints its result as JSON. */
  async run<Result>(command: string[]): Promise<CommandRun<Result>> {
    const started = performance.now();
    const child = spawn(process.execPath, command, {
      env: this.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const memory = watchMemory(child.pid ?? 0);
    let out = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    const seconds = (performance.now() - started) / 1000;
    // The timer would keep this process alive.
    const peak = memory.stop();
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
    return { result: JSON.parse(out) as Result, seconds, memory: peak };
  }

  /** Starts web server and Redis, without a worker. */
  startPortal(): Promise<RunningServer> {
    return this.startServer([path.join(projectRoot, 'bin', 'start.cjs')]);
  }

  /** Starts another web server, written in TypeScript, with the portal's settings. */
  startScript(file: string, ...args: string[]): Promise<RunningServer> {
    return this.startServer(['--require', 'tsx/cjs', file, ...args]);
  }

  startWorker(): RunningProgram {
    return this.startCommand('worker');
  }

  /** Starts `meisai …` without waiting for its end. */
  startCommand(...args: string[]): RunningProgram {
    return this.start([meisaiProgram, ...args]);
  }

  /** Writes a file into the folder and returns its name. */
  write(name: string, lines: string[]): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  }

  /** Ends the programs that still run, the last first. */
  async end(): Promise<void> {
    for (const program of this.programs.splice(0).reverse()) await program.end();
  }

  private async startServer(command: string[]): Promise<RunningServer> {
    const program = this.start(command);
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const url = /http:\/\/\S+\//.exec(program.readOutput())?.[0];
      if (url) return { ...program, url };
      if (Date.now() > deadline) throw new Error(program.readOutput());
      await delay(20);
    }
  }

  private start(command: string[]): RunningProgram {
    const file = path.join(this.folder, `program-${this.programs.length + 1}.log`);
    const log = openSync(file, 'w');
    const child = spawn(process.execPath, command, { env: this.env, stdio: ['ignore', log, log] });
    closeSync(log);
    const pid = child.pid ?? 0;
    const program: RunningProgram = {
      pid,
      getPeakMemory: () => readPeakMemory(pid),
      readOutput: () => readFileSync(file, 'utf8'),
      ended: once(child, 'exit').then(([code]) => code as number | null),
      end: (signal) => endChild(child, signal),
    };
    this.programs.push(program);
    return program;
  }
}

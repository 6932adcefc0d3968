import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../config';
import { endChild } from '../kit/stop-child';

/** Loads the program, says so, and runs the command that it is told; then it waits to be killed. */
const script = `
  const { loadBuilt, prepare } = require(${JSON.stringify(path.join(projectRoot, 'bin', 'prepare.cjs'))});
  prepare();
  const { runCommandLine } = loadBuilt('bin/program.js');
  process.stdin.on('data', (data) => void runCommandLine(JSON.parse(String(data))).then((status) => process.send({ status })));
  process.on('disconnect', () => process.exit());
  process.send('ready');
`;

/** A `meisai …` process that has started already, so that it can be killed in the midst of its work. */
export class WarmCommand {
  private readonly child: ChildProcess;
  private readonly ready: Promise<unknown>;

  constructor() {
    // The test's own settings: a child has those of jest otherwise.
    const { env } = process;
    this.child = spawn(process.execPath, ['-e', script], { env, stdio: ['pipe', 'ignore', 'ignore', 'ipc'] });
    this.ready = once(this.child, 'message');
  }

  async waitUntilReady(): Promise<void> {
    await this.ready;
  }

  /** Begins the command; resolves with its status when it is through. */
  async run(...args: string[]): Promise<number> {
    await this.ready;
    const done = once(this.child, 'message');
    this.child.stdin?.write(JSON.stringify(args));
    const [{ status }] = (await done) as [{ status: number }];
    return status;
  }

  /** Begins the command, and kills the process so many milliseconds later. */
  async runAndKill(milliseconds: number, ...args: string[]): Promise<void> {
    await this.ready;
    const exited = once(this.child, 'exit');
    this.child.stdin?.write(JSON.stringify(args));
    setTimeout(() => this.child.kill('SIGKILL'), milliseconds);
    await exited;
  }

  close(): Promise<void> {
    return endChild(this.child, 'SIGKILL');
  }
}

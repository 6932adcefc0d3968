import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type BillingMonth, pastMonths } from '../../models/month';
import { writeCallsFile } from '../bench/calls-file';
import { customerOf, numbersOf } from '../bench/context';
import { prepare } from '../bench/imports';
import { Installation, type RunningProgram, type RunningServer } from '../bench/installation';
import type { Visitor } from '../bench/visitor';

const PATIENCE_MS = 60_000;

/** A portal of real processes on SQLite, with one contract of many calls and a customer who asks for their file. */
export class FaultyPortal {
  readonly installation: Installation;
  readonly month: BillingMonth = pastMonths(Date.now(), 1)[0] ?? 0;
  /** How long an undisturbed file takes, in milliseconds. */
  usual = 0;
  private server?: RunningServer;
  private customer: Visitor | undefined;
  private workers: RunningProgram[] = [];
  private calls = 0;

  constructor(
    private readonly folder: string,
    readonly rows: number,
  ) {
    this.installation = new Installation(folder, `sqlite:${path.join(folder, 'meisai.sqlite3')}`);
  }

  async open(): Promise<void> {
    await prepare(this.installation);
    await this.importCalls('first', this.rows);
    this.server = await this.installation.startPortal();
    this.customer = await customerOf(this.installation, this.server.url, 'month');
    this.startWorker();
    const started = performance.now();
    await this.request();
    await this.untilReady();
    this.usual = performance.now() - started;
    await this.stopWorkers();
  }

  startWorker(): RunningProgram {
    const worker = this.installation.startWorker();
    this.workers.push(worker);
    return worker;
  }

  async stopWorkers(): Promise<void> {
    for (const worker of this.workers.splice(0)) await worker.end();
  }

  /** Writes a file of so many calls that are not there yet. */
  async newCalls(seed: string, rows: number): Promise<string> {
    const file = path.join(this.folder, `${seed}.csv`);
    await writeCallsFile(file, { rows, numbers: numbersOf('month'), month: this.month, seed });
    return file;
  }

  async importCalls(seed: string, rows: number): Promise<void> {
    await this.installation.command('import', 'calls', await this.newCalls(seed, rows));
    this.calls += rows;
  }

  /** Calls that came in by other ways. */
  count(rows: number): void {
    this.calls += rows;
  }

  private readonly pages = () => `/selfpage/detail-files/calls/${this.month}`;

  /** Asks for the file; a call more makes the one before out of date. */
  async request(): Promise<void> {
    await this.importCalls(`extra-${this.calls}`, 1);
    await this.visit(async (customer) => {
      await customer.get(`${this.pages()}/request`);
      return customer.post(`${this.pages()}/request`);
    });
  }

  /** Until the file can be downloaded; then it must be whole. */
  async untilReady(): Promise<void> {
    await this.until('format=csv"');
    const file = await this.visit((customer) => customer.get(`${this.pages()}/download?format=csv`));
    const lines = file.split('\n').length - 2;
    if (lines !== this.calls) throw new Error(`a file of ${lines} calls, but there are ${this.calls}`);
    // The next round must not meet this one's last work.
    await this.until('format=utf8-zip"');
  }

  private async until(words: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await this.visit((customer) => customer.get(this.pages()))).includes(words)) {
      if (Date.now() > deadline) throw new Error(`no ${words} within ${PATIENCE_MS} ms`);
      await delay(50);
    }
  }

  /** As a customer who tries again while the portal says that it is away, and logs in again where a session is lost. */
  private async visit(what: (customer: Visitor) => Promise<string>): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        this.customer ??= await customerOf(this.installation, this.server?.url ?? '', 'month');
        const text = await what(this.customer);
        if (this.customer.location.startsWith(this.pages()) || this.customer.location === '') return text;
        this.customer = undefined;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        if (error instanceof Error && error.message.endsWith('403')) this.customer = undefined;
      }
      await delay(200);
    }
  }

  /** The private Redis, spoken to by its socket. */
  redis(): Redis {
    return new Redis({ path: path.join(this.folder, 'redis', 'redis.sock') }).on('error', () => undefined);
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.server?.end();
  }
}

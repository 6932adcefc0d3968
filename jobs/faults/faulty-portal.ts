import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { DetailFileKind } from '../../models/detail-file';
import { type BillingMonth, pastMonths } from '../../models/month';
import { type CallsFile, writeCallsFile } from '../bench/calls-file';
import { BENCH_CONTRACTS, type BenchContract, numbersOf } from '../bench/context';
import { prepare } from '../bench/imports';
import { Installation, type RunningServer } from '../bench/installation';
import { secondsOf } from '../bench/turns';
import { PatientCustomer } from './patient-customer';
import { workersOf } from './processes';
import { RequestedFile } from './requested-file';
import { leftoversIn } from './whole-file';

const PATIENCE_MS = 60_000;

export interface PortalWanted {
  /** Calls of the month. */
  rows: number;
  /** As DATABASE_URL; SQLite in the portal's folder where not given. */
  database?: string;
  settings?: NodeJS.ProcessEnv;
}

/** A portal as `npm start` runs it, with a worker, one contract of many calls, and a customer who asks for its files. */
export class FaultyPortal {
  readonly installation: Installation;
  readonly month: BillingMonth = pastMonths(Date.now(), 1)[0] ?? 0;
  readonly rows: number;
  calls!: RequestedFile;
  fees!: RequestedFile;
  /** Another browser of the same customer. */
  reader!: PatientCustomer;
  private server?: RunningServer;
  private readonly stored = { calls: 0, charge: 0 };
  /** How long an undisturbed file takes, in milliseconds. */
  private usual = 0;

  constructor(
    private readonly folder: string,
    { rows, settings, database = `sqlite:${path.join(folder, 'meisai.sqlite3')}` }: PortalWanted,
  ) {
    this.rows = rows;
    this.installation = new Installation(folder, database, { ...settings, WORKERS: '1' });
  }

  async open(): Promise<void> {
    mkdirSync(this.store, { recursive: true, mode: 0o700 });
    await prepare(this.installation);
    await this.importCalls('first', this.rows);
    const { url } = (this.server = await this.installation.startPortal());
    const { result } = await this.installation.command<{ login: string; password: string }>(
      'account',
      'reset',
      BENCH_CONTRACTS.month,
    );
    const customer = () => new PatientCustomer(url, result.login, result.password);
    this.reader = customer();
    const file = (kind: DetailFileKind, lines: () => number) =>
      new RequestedFile(customer(), kind, this.month, () => ({ lines: lines(), charge: this.stored.charge }));
    this.calls = file('calls', () => this.stored.calls);
    this.fees = file('fees', () => numbersOf('month').length);
    await this.calls.press();
    this.usual = 1000 * (await secondsOf(() => this.calls.untilReady()));
  }

  /** Writes a file of so many calls of a contract that are not there yet. */
  newCalls(seed: string, rows: number, contract: BenchContract = 'month'): Promise<CallsFile> {
    const file = path.join(this.folder, `${seed}.csv`);
    return writeCallsFile(file, { rows, numbers: numbersOf(contract), month: this.month, seed });
  }

  private async importCalls(seed: string, rows: number): Promise<void> {
    const file = await this.newCalls(seed, rows);
    await this.installation.command('import', 'calls', file.path);
    this.stored.calls += rows;
    this.stored.charge += file.charge;
  }

  /** Asks for the file of calls, with a worker there; a call more makes what was ready out of date. */
  async request(): Promise<void> {
    await this.worker();
    await this.importCalls(`extra-${this.stored.calls}`, 1);
    await this.calls.press();
  }

  /** Somewhere between the request and the end of the file. */
  someMoment(): Promise<void> {
    return delay(Math.random() * this.usual);
  }

  /** Until all is well again: the portal says so, what was asked for is there, and nothing else is. */
  async untilWell(...files: RequestedFile[]): Promise<void> {
    for (const file of files) await file.untilReady();
    await this.until('the portal is ready', async () => {
      const { status } = await fetch(new URL('health/ready', this.server?.url));
      return status === 200;
    });
    await this.until('nothing but whole files is stored', () => leftoversIn(this.store).length === 0);
  }

  private async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`${what}: not after ${PATIENCE_MS} ms`);
      await delay(50);
    }
  }

  private get store(): string {
    return path.join(this.folder, 'detail-files');
  }

  private readonly workers = (): number[] => (this.server ? workersOf(this.server.pid) : []);

  /** The number of the worker's process, as soon as there is one. */
  async worker(): Promise<number> {
    await this.until('a worker runs', () => this.workers().length > 0);
    return this.workers()[0] ?? 0;
  }

  /** The private Redis, spoken to by its socket. */
  redis(): Redis {
    return new Redis({ path: path.join(this.folder, 'redis', 'redis.sock') }).on('error', () => undefined);
  }

  async redisProcess(): Promise<number> {
    const redis = this.redis();
    const info = await redis.info('server');
    redis.disconnect();
    return Number(/process_id:(\d+)/.exec(info)?.[1]);
  }

  /** What the operator would look at last: the sums are those of the calls. */
  async check(): Promise<void> {
    await this.installation.command('summary', 'check');
  }

  async close(): Promise<void> {
    await this.server?.end();
  }
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { checkInvariants } from './invariants';
import type { FaultTarget } from './fault-table';
import type { DetailFileKind } from '../../models/detail-file/detail-file';
import { type BillingMonth, listPastMonths } from '../../models/billing/month';
import { listBenchNumbers, prepareBenchContracts, resetLogin } from '../kit/bench-customers';
import { Installation, type RunningServer } from '../kit/installation';
import { measureSeconds } from '../kit/turns';
import { RetryingCustomer } from './retrying-customer';
import { listWorkers } from '../kit/processes';
import { RequestedFile } from './requested-file';
import { StoredCalls } from './stored-calls';

const TIMEOUT_MS = 60_000;

export interface PortalOptions {
  /** Calls of the month. */
  rows: number;
  /** DATABASE_URL; SQLite in the portal's folder by default. */
  database?: string;
  settings?: NodeJS.ProcessEnv;
}

/** A portal as `npm start` runs it, with a worker, one contract of many calls, and a customer who asks for its files. */
export class PortalUnderTest implements FaultTarget {
  readonly installation: Installation;
  readonly month: BillingMonth = listPastMonths(Date.now(), 1)[0] ?? 0;
  readonly rows: number;
  calls!: RequestedFile;
  fees!: RequestedFile;
  /** Another browser of the same customer. */
  reader!: RetryingCustomer;
  private server?: RunningServer;
  readonly stored: StoredCalls;
  /** How long an undisturbed file takes until it is offered, in milliseconds. */
  private typicalMs = 0;

  constructor(
    private readonly folder: string,
    { rows, settings, database = `sqlite:${path.join(folder, 'meisai.sqlite3')}` }: PortalOptions,
  ) {
    this.rows = rows;
    this.stored = new StoredCalls(folder, this.month);
    this.installation = new Installation(folder, database, { ...settings, WORKERS: '1' });
  }

  async open(): Promise<void> {
    mkdirSync(this.store, { recursive: true, mode: 0o700 });
    await prepareBenchContracts(this.installation);
    await this.importCalls('first', this.rows);
    const { url } = (this.server = await this.installation.startPortal());
    const { login, password } = await resetLogin(this.installation, 'month');
    const createCustomer = () => new RetryingCustomer(url, login, password);
    this.reader = createCustomer();
    const createFile = (kind: DetailFileKind, lines: () => number) =>
      new RequestedFile(createCustomer(), kind, this.month, () => ({
        ...this.stored.getTotals('month'),
        lines: lines(),
      }));
    this.calls = createFile('calls', () => this.stored.getTotals('month').lines);
    this.fees = createFile('fees', () => listBenchNumbers('month').length);
    await this.calls.press();
    this.typicalMs = 1000 * (await measureSeconds(() => this.calls.untilReady()));
    await this.checkAfter();
  }

  private async importCalls(seed: string, rows: number): Promise<void> {
    const file = await this.stored.writeNew(seed, rows, 'month');
    await this.installation.runCommand('import', 'calls', file.path);
    this.stored.add(file, 'month');
  }

  /**
   * Asks for the file of calls, with a worker there, and waits for some moment between the request and its end. A call
   * more makes what was ready out of date.
   */
  async untilMidFile(): Promise<void> {
    for (;;) {
      await this.getWorkerPid();
      await this.importCalls(`extra-${this.stored.getTotals('month').lines}`, 1);
      await this.calls.press();
      await delay(Math.random() * this.typicalMs);
      const tookMs = this.calls.tookMs;
      if (tookMs === undefined) return;
      this.typicalMs = Math.min(this.typicalMs, tookMs);
    }
  }

  /** Waits for recovery: the requested files are there and the portal reports that it is ready. */
  async untilRecovered(...files: RequestedFile[]): Promise<void> {
    for (const file of files) await file.untilReady();
    await this.untilHealthy();
  }

  async untilHealthy(): Promise<void> {
    await this.waitUntil('the portal is ready', async () => {
      const { status } = await fetch(new URL('health/ready', this.server?.url));
      return status === 200;
    });
  }

  /** Checks that each requested file is complete, one worker runs, and all invariants hold. */
  async checkAfter(): Promise<void> {
    await this.waitUntil('one worker runs', () => this.listWorkerPids().length === 1);
    await this.untilHealthy();
    await Promise.all([
      ...[this.calls, this.fees].map((file) => file.fetchAll()),
      checkInvariants(this.installation, this.month, this.stored.totals),
    ]);
  }

  private async waitUntil(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`${what}: not after ${TIMEOUT_MS} ms`);
      await delay(50);
    }
  }

  private get store(): string {
    return path.join(this.folder, 'detail-files');
  }

  private readonly listWorkerPids = (): number[] => (this.server ? listWorkers(this.server.pid) : []);

  /** The number of the worker's process, as soon as there is one. */
  async getWorkerPid(): Promise<number> {
    await this.waitUntil('a worker runs', () => this.listWorkerPids().length > 0);
    return this.listWorkerPids()[0] ?? 0;
  }

  /** The private Redis, spoken to by its socket. */
  connectRedis(): Redis {
    return new Redis({ path: path.join(this.folder, 'redis', 'redis.sock') }).on('error', () => undefined);
  }

  async getRedisPid(): Promise<number> {
    const redis = this.connectRedis();
    const info = await redis.info('server');
    redis.disconnect();
    return Number(/process_id:(\d+)/.exec(info)?.[1]);
  }

  async close(): Promise<void> {
    await this.installation.end();
  }
}

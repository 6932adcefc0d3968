import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { BillingMonth } from '../../models/billing/month';
import { listPastMonths } from '../../models/billing/month';
import type { BenchOptions } from './bench-options';
import { CallData } from './call-data';
import type { Engine, EngineName } from './engine';
import { PostgresEngine } from './postgres-engine';
import type { Ledger } from './ledger';
import type { Measured } from './report';
import { SqliteEngine } from './sqlite-engine';
import { StoredMonth } from './stored-month';

/** The things that the parts of the bench share. */
export interface BenchContext {
  folder: string;
  /** Calls of a file. */
  rows: number;
  rounds: number;
  /** For how long many clients ask for one page, in seconds. */
  loadSeconds: number;
  /** How often one client asks for a page whose CPU is measured. */
  pageRequests: number;
  /** Last month, which the pages show. */
  month: BillingMonth;
  data: CallData;
  engines: Engine[];
  /** The measurements that this machine cannot make. */
  unseen: string[];
  isMissing(tool: string): boolean;
  /** A portal on such a database, whose customers have calls; made when it is first asked for. */
  openStoredMonth(engine: Engine): Promise<StoredMonth>;
  /** Adds what was measured for a row of the report. */
  add(id: string, on: EngineName | 'any', measured: Measured): void;
  /** Leaves a row out, and says why. */
  leaveOut(id: string, on: EngineName | 'any', reason: string): void;
  /** Tells what comes now. */
  say(words: string): void;
  /** Ends what still runs, and takes away all that was made. */
  close(): Promise<void>;
}

interface BenchSetting {
  folder: string;
  missing: readonly string[];
  /** A PostgreSQL server where databases can be made. */
  server?: string | undefined;
  ledger: Ledger;
  say: BenchContext['say'];
}

export async function openBench(
  { rows, rounds, loadSeconds, pageRequests }: BenchOptions,
  { folder, missing, server, ledger, say }: BenchSetting,
): Promise<BenchContext> {
  const [month = 0] = listPastMonths(Date.now(), 1);
  const engines: Engine[] = [new SqliteEngine(path.join(folder, 'sqlite'))];
  if (server !== undefined) engines.push(await PostgresEngine.open(path.join(folder, 'postgres'), server));
  const unseen = [
    ...(server === undefined ? ['PostgreSQL, which is not installed'] : []),
    ...engines
      .filter(({ hasUnseenServer }) => hasUnseenServer)
      .map(({ name }) => `the CPU of the server of ${name}, which is not to be seen from here`),
  ];
  const stored = new Map<Engine, Promise<StoredMonth>>();
  const bench: BenchContext = {
    ...{ folder, rows, rounds, loadSeconds, pageRequests, month, engines, unseen, say },
    data: new CallData(path.join(folder, 'data'), rows, month),
    add: (id, on, measured) => ledger.add(id, on, measured),
    leaveOut: (id, on, reason) => ledger.leaveOut(id, on, reason),
    isMissing: (tool) => missing.includes(tool),
    openStoredMonth(engine) {
      const opened = stored.get(engine) ?? StoredMonth.open(bench, engine);
      stored.set(engine, opened);
      return opened;
    },
    async close() {
      for (const engine of engines) await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

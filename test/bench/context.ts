import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type BillingMonth, listPastMonths } from '../../models/billing/month';
import { Installation } from '../kit/installation';
import { createScratchDatabase, dropScratchDatabase } from '../kit/scratch-database';
import { type BenchReport, type Measurement, formatSeconds } from './report';
import { Visitor } from '../kit/visitor';

/** What the parts of the bench share. */
export interface BenchContext {
  folder: string;
  rows: number;
  rounds: number;
  /** Last month, which the pages show. */
  month: BillingMonth;
  /** On SQLite, with the calls that the imports have left. */
  sqlite: Installation;
  postgres?: Installation;
  isMissing(tool: string): boolean;
  add(measurement: Measurement): void;
  /** Ends what still runs, and takes away all that was made. */
  close(): Promise<void>;
}

/** Contracts of the bench: the month to be measured, five of it, 50 calls, 10 calls. */
export const BENCH_CONTRACTS = {
  month: 'd900000001',
  large: 'd900000002',
  small: 'd900000003',
  ten: 'd900000004',
};
export type BenchContract = keyof typeof BENCH_CONTRACTS;

const NUMBERS = 20;

export const listBenchNumbers = (contract: BenchContract): string[] => {
  const first = 5_000_000_000 + Object.keys(BENCH_CONTRACTS).indexOf(contract) * 1000;
  return Array.from({ length: NUMBERS }, (_, index) => `0${first + index}`);
};

export async function openBench(
  folder: string,
  report: BenchReport,
  missing: string[],
  server?: string,
): Promise<BenchContext> {
  const database = server === undefined ? undefined : await createScratchDatabase(server, 'bench');
  const [month = 0] = listPastMonths(Date.now(), 1);
  const sqliteFolder = path.join(folder, 'sqlite');
  const sqlite = new Installation(sqliteFolder, `sqlite:${path.join(sqliteFolder, 'meisai.sqlite3')}`);
  const postgres =
    database === undefined ? undefined : new Installation(path.join(folder, 'postgres'), database);
  return {
    folder,
    rows: report.rows,
    rounds: report.rounds,
    month,
    sqlite,
    ...(postgres && { postgres }),
    isMissing: (tool) => missing.includes(tool),
    add(measurement) {
      report.measurements.push(measurement);
      process.stderr.write(`${measurement.work}: ${formatSeconds(measurement.ours)}\n`);
    },
    async close() {
      await sqlite.end();
      await postgres?.end();
      if (database) await dropScratchDatabase(database);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The login of this contract, with a new password. */
export async function resetLogin(
  installation: Installation,
  contract: BenchContract,
): Promise<{ login: string; password: string }> {
  const reset = ['account', 'reset', BENCH_CONTRACTS[contract]];
  return (await installation.runCommand<{ login: string; password: string }>(...reset)).result;
}

/** A customer of this contract who has logged in; each gets a new password. */
export async function logInCustomer(
  installation: Installation,
  url: string,
  contract: BenchContract,
): Promise<Visitor> {
  const { login, password } = await resetLogin(installation, contract);
  return new Visitor(url).logIn(login, password);
}

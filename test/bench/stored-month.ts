import { rmSync } from 'node:fs';
import path from 'node:path';
import {
  BENCH_CONTRACTS,
  type BenchContract,
  listBenchNumbers,
  logInCustomer,
  prepareBenchContracts,
} from '../kit/bench-customers';
import { writeCallsFile } from '../kit/calls-file';
import type { Installation } from '../kit/installation';
import type { Visitor } from '../kit/visitor';
import type { BenchContext } from './context';
import type { BenchDatabase, Engine } from './engine';

/** Above so many calls a month five times as large would take too long. */
const MAX_ROWS_FOR_LARGE = 1_000_000;

/** A portal whose customers have calls: a month of them, five of it, 50 and 10. */
export class StoredMonth {
  private constructor(
    private readonly bench: BenchContext,
    readonly engine: Engine,
    readonly database: BenchDatabase,
    /** Calls of each contract. */
    readonly calls: Record<BenchContract, number>,
  ) {}

  static async open(bench: BenchContext, engine: Engine): Promise<StoredMonth> {
    bench.say(`${engine.name}: making a portal with calls`);
    const { rows } = bench;
    const calls = { month: rows, large: rows <= MAX_ROWS_FOR_LARGE ? 5 * rows : rows, small: 50, ten: 10 };
    const database = await engine.create('portal');
    const stored = new StoredMonth(bench, engine, database, calls);
    await prepareBenchContracts(database.installation);
    for (const contract of Object.keys(BENCH_CONTRACTS) as BenchContract[])
      await stored.importCalls(contract, calls[contract], contract);
    await database.tidy();
    return stored;
  }

  get installation(): Installation {
    return this.database.installation;
  }

  /** A customer of this contract who has logged in. */
  logIn(url: string, contract: BenchContract): Promise<Visitor> {
    return logInCustomer(this.installation, url, contract);
  }

  /** Writes a file of calls that are not there yet. */
  async writeCalls(contract: BenchContract, rows: number, seed: string): Promise<string> {
    const file = path.join(this.bench.folder, `${contract}.csv`);
    const { month } = this.bench;
    await writeCallsFile(file, { rows, numbers: listBenchNumbers(contract), month, seed });
    return file;
  }

  async importCalls(contract: BenchContract, rows: number, seed: string): Promise<void> {
    const file = await this.writeCalls(contract, rows, seed);
    await this.installation.runCommand('import', 'calls', file);
    rmSync(file);
  }
}

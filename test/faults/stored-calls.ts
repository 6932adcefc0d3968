import path from 'node:path';
import type { BillingMonth } from '../../models/billing/month';
import { type CallsFile, writeCallsFile } from '../kit/calls-file';
import { BENCH_CONTRACTS, type BenchContract, listBenchNumbers } from '../kit/bench-customers';
import type { FileTotals } from './whole-file';

/** Totals of the calls imported for each contract of the bench in a month. */
export class StoredCalls {
  /** Keyed by contract code. */
  readonly totals = new Map<string, FileTotals>();

  constructor(
    private readonly folder: string,
    private readonly month: BillingMonth,
  ) {}

  getTotals(contract: BenchContract): FileTotals {
    return this.totals.get(BENCH_CONTRACTS[contract]) ?? { lines: 0, charge: 0 };
  }

  /** Writes a file of `rows` calls that are not stored yet. */
  writeNew(seed: string, rows: number, contract: BenchContract): Promise<CallsFile> {
    const file = path.join(this.folder, `${seed}.csv`);
    return writeCallsFile(file, { rows, numbers: listBenchNumbers(contract), month: this.month, seed });
  }

  /** Expects these calls to be stored from now on. */
  add({ rows, charge }: CallsFile, contract: BenchContract): void {
    const { lines, charge: before } = this.getTotals(contract);
    this.totals.set(BENCH_CONTRACTS[contract], { lines: lines + rows, charge: before + charge });
  }
}

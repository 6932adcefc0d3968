import { readFileSync } from 'node:fs';
import path from 'node:path';
import pLimit from 'p-limit';
import { type BillingMonth, listPastMonths } from '../../models/billing/month';
import type { NewAccount } from '../../models/account/issue-all';
import { writeCallsFile } from '../kit/calls-file';
import { importContracts } from '../kit/contracts';
import { Installation } from '../kit/installation';
import { checkInvariants } from './invariants';
import type { FaultTarget } from './fault-table';
import { RetryingCustomer } from './retrying-customer';
import { RequestedFile } from './requested-file';
import type { FileTotals } from './whole-file';

/** Customers who log in at the same time. */
const LOGINS = 8;
const CALLS_EACH = 10;

const toContractCode = (index: number): string => `d${910_000_000 + index}`;
const toPhoneNumber = (index: number): string => `0${5_100_000_000 + index}`;

interface SimulatedCustomer {
  customer: RetryingCustomer;
  file: RequestedFile;
}

/** A portal with many small contracts, and a customer of each who has logged in. */
export class Load implements FaultTarget {
  customers: SimulatedCustomer[] = [];
  private readonly month: BillingMonth = listPastMonths(Date.now(), 1)[0] ?? 0;
  /** Keyed by contract code. */
  private readonly totals = new Map<string, FileTotals>();
  private readonly installation: Installation;
  private imports = 0;

  constructor(
    private readonly folder: string,
    private readonly size: number,
    workers: number,
  ) {
    const database = `sqlite:${path.join(folder, 'meisai.sqlite3')}`;
    this.installation = new Installation(folder, database, { WORKERS: String(workers) });
  }

  async open(): Promise<void> {
    const indexes = Array.from({ length: this.size }, (_, index) => index);
    const numbers = new Map(indexes.map((index) => [toContractCode(index), [toPhoneNumber(index)]]));
    await importContracts(this.installation, numbers);
    const program = path.join(__dirname, 'issue-accounts.ts');
    const { result } = await this.installation.run<NewAccount[]>(['--require', 'tsx/cjs', program]);
    const { url } = await this.installation.startPortal();
    const turn = pLimit(LOGINS);
    this.customers = await Promise.all(
      result.map(({ login, password }, index) =>
        turn(() => this.logIn(new RetryingCustomer(url, login, password), toContractCode(index))),
      ),
    );
  }

  private async logIn(customer: RetryingCustomer, code: string): Promise<SimulatedCustomer> {
    await customer.visit((visitor) => visitor.get('/selfpage/charges'));
    const totals = () => this.totals.get(code) ?? { lines: 0, charge: 0 };
    return { customer, file: new RequestedFile(customer, 'calls', this.month, totals) };
  }

  /** New calls for all, some ten each, so that no file is up to date. */
  async importCalls(): Promise<void> {
    this.imports += 1;
    const numbers = Array.from({ length: this.size }, (_, index) => toPhoneNumber(index));
    const file = path.join(this.folder, `calls-${this.imports}.csv`);
    const rows = this.size * CALLS_EACH;
    await writeCallsFile(file, { rows, numbers, month: this.month, seed: `load-${this.imports}` });
    await this.installation.runCommand('import', 'calls', file);
    for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
      const [, number = '', ...cells] = line.split(',');
      const code = toContractCode(numbers.indexOf(number));
      const { lines, charge } = this.totals.get(code) ?? { lines: 0, charge: 0 };
      const more = Math.round(Number(cells.at(-1)) * 100);
      this.totals.set(code, { lines: lines + 1, charge: charge + more });
    }
  }

  /** How many files are live: one of each customer. */
  async countCurrentFiles(): Promise<number> {
    const { result } = await this.installation.runCommand<{ live: boolean | number }[]>('files', 'list');
    return result.filter(({ live }) => live).length;
  }

  async checkAfter(): Promise<void> {
    await Promise.all(this.customers.map(({ file }) => file.fetchAll()));
    await checkInvariants(this.installation, this.month, this.totals);
  }

  async close(): Promise<void> {
    await this.installation.end();
  }
}

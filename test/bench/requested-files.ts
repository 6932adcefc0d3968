import { setTimeout as delay } from 'node:timers/promises';
import { readTreeCpu } from '../kit/cpu';
import { type BenchContract, listBenchNumbers } from '../kit/bench-customers';
import type { RunningProgram } from '../kit/installation';
import type { Cost } from '../kit/measured-process';
import { measureCost } from '../kit/turns';
import type { Visitor } from '../kit/visitor';
import type { BenchContext } from './context';
import type { StoredMonth } from './stored-month';

const POLL_MS = 20;
const TIMEOUT_MS = 600_000;

/** Asks for files again and again: a call more makes the one before out of date. */
export class RequestedFiles {
  private static extra = 0;

  constructor(
    private readonly bench: BenchContext,
    private readonly stored: StoredMonth,
  ) {}

  private getPath = () => `/selfpage/detail-files/calls/${this.bench.month}`;

  /** From the button until it can be downloaded; the CPU is that of the worker. */
  async measureBuild(customer: Visitor, contract: BenchContract, worker: RunningProgram): Promise<Cost> {
    await this.prepare(customer, contract);
    const cost = await measureCost(
      () => readTreeCpu(worker.pid),
      async () => {
        await this.press(customer);
        await this.waitUntil(customer, 'format=csv"');
      },
    );
    const memory = worker.getPeakMemory();
    // The ZIPs belong to nobody's time, and not into that of the next round.
    await this.waitUntil(customer, 'format=utf8-zip"');
    return { ...cost, memory };
  }

  async request(customer: Visitor, contract: BenchContract): Promise<void> {
    await this.prepare(customer, contract);
    await this.press(customer);
  }

  private async prepare(customer: Visitor, contract: BenchContract): Promise<void> {
    await this.addCall(contract);
    await customer.get(`${this.getPath()}/request`);
  }

  private press = (customer: Visitor): Promise<string> => customer.post(`${this.getPath()}/request`);

  async waitUntil(customer: Visitor, words: string): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      if ((await customer.get(this.getPath())).includes(words)) return;
      if (Date.now() > deadline) throw new Error(`no ${words} in ${TIMEOUT_MS} ms`);
      await delay(POLL_MS);
    }
  }

  private async addCall(contract: BenchContract): Promise<void> {
    RequestedFiles.extra += 1;
    const { month } = this.bench;
    const day = `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}-15`;
    const file = this.stored.installation.write('extra.csv', [
      'source_id,number,direction,started_at,duration,other_number,area,line_class,call_type,charge',
      `extra-${contract}-${RequestedFiles.extra},${listBenchNumbers(contract)[0]},outgoing,${day}T12:00:00+09:00,60,0312345678,東京,external,domestic,8`,
    ]);
    await this.stored.installation.runCommand('import', 'calls', file);
  }
}

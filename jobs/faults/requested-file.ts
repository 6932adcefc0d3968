import { setTimeout as delay } from 'node:timers/promises';
import type { BillingMonth } from '../../models/month';
import type { DetailFileKind } from '../../models/detail-file';
import type { PatientCustomer } from './patient-customer';
import { type FileTotals, fetchWhole } from './whole-file';

const PATIENCE_MS = 120_000;
const POLL_MS = 50;
const FORMATS = ['csv', 'utf8', 'csv-zip', 'utf8-zip'];

const IS_READY = 'format=csv"';
const HAS_ALL = 'format=utf8-zip"';
const HAS_FAILED = '明細の作成中にエラーが発生しました';

/** A month's file as its customer meets it: asks for it, watches it, and tries to fetch it all the time. */
export class RequestedFile {
  private readonly path: string;

  constructor(
    private readonly customer: PatientCustomer,
    private readonly kind: DetailFileKind,
    month: BillingMonth,
    private readonly totals: () => FileTotals,
  ) {
    this.path = `/selfpage/detail-files/${kind}/${month}`;
  }

  /** Presses 「明細作成」. */
  async press(): Promise<void> {
    await this.customer.visit(async (visitor) => {
      await visitor.get(`${this.path}/request`);
      return visitor.post(`${this.path}/request`);
    });
  }

  /** Presses it while something else goes on: whoever awaits it in the end meets its failure. */
  pressMeanwhile(): Promise<void> {
    const pressed = this.press();
    pressed.catch(() => undefined);
    return pressed;
  }

  /** Until the page offers the file in all its formats, or says that it has failed. */
  async untilEnded(): Promise<'ready' | 'failed'> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const page = await this.look();
      if (page.includes(HAS_FAILED)) return 'failed';
      // The next round must not meet this one's last work.
      if (page.includes(HAS_ALL)) break;
      if (Date.now() > deadline)
        throw new Error(`${this.path} is neither ready nor failed after ${PATIENCE_MS} ms`);
      await delay(POLL_MS);
    }
    await this.fetchAll();
    return 'ready';
  }

  /** As `untilEnded`, where the file must come; one that has failed is asked for again. */
  async untilReady(): Promise<void> {
    while ((await this.untilEnded()) === 'failed') await this.press();
  }

  private async fetchAll(): Promise<void> {
    const missing = await this.customer.visit(async (visitor) => {
      const gone: string[] = [];
      for (const format of FORMATS) if (!(await this.fetch(visitor, format))) gone.push(format);
      return gone;
    });
    if (missing.length > 0)
      throw new Error(`${this.path} is offered, but not there as ${missing.join(', ')}`);
  }

  private look(): Promise<string> {
    return this.customer.visit(async (visitor) => {
      const page = await visitor.get(this.path);
      if (!page.includes(IS_READY)) await this.fetch(visitor, 'csv');
      return page;
    });
  }

  private fetch(visitor: Parameters<typeof fetchWhole>[0], format: string): Promise<boolean> {
    const address = `${this.path}/download?format=${format}`;
    return fetchWhole(visitor, address, this.totals(), this.kind === 'calls' ? 'last' : 'second');
  }
}

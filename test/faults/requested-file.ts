import { setTimeout as delay } from 'node:timers/promises';
import type { BillingMonth } from '../../models/billing/month';
import type { DetailFileFormat, DetailFileKind } from '../../models/detail-file/detail-file';
import type { Visitor } from '../kit/visitor';
import type { RetryingCustomer } from './retrying-customer';
import { type FileTotals, fetchWhole } from './whole-file';

const TIMEOUT_MS = 120_000;
const POLL_MS = 50;

const FORMATS: DetailFileFormat[] = ['csv', 'utf8', 'csv-zip', 'utf8-zip'];

const HAS_FAILED = '明細の作成中にエラーが発生しました';
const WHAT_TO_DO = 'もう一度「明細作成」を押してください';

const isOffered = (page: string, format: DetailFileFormat): boolean => page.includes(`format=${format}"`);

/** A month's file from its customer's side: requests it, watches it, and keeps trying to download it. */
export class RequestedFile {
  private readonly path: string;
  private pending: Promise<void> = Promise.resolve();
  /** How long it took until all was offered, in milliseconds; undefined where it is not there yet. */
  tookMs?: number | undefined;
  private failures = 0;
  private isUnread = false;

  constructor(
    private readonly customer: RetryingCustomer,
    private readonly kind: DetailFileKind,
    month: BillingMonth,
    private readonly totals: () => FileTotals,
  ) {
    this.path = `/selfpage/detail-files/${kind}/${month}`;
  }

  /** Presses 「明細作成」 and watches the file from then on, also during a fault. */
  async press(): Promise<void> {
    // A lost try may still be watching.
    await this.pending.catch(() => undefined);
    await this.ask();
    this.failures = 0;
    this.isUnread = true;
    this.tookMs = undefined;
    this.pending = this.watch();
    // untilReady() reports the error.
    this.pending.catch(() => undefined);
  }

  /** Presses it in parallel with other work; the awaiting caller gets the error. */
  pressMeanwhile(): Promise<void> {
    const pressed = this.press();
    pressed.catch(() => undefined);
    return pressed;
  }

  /** Waits until the page offers the file in all formats. Only with `mayFail` (a full disk) may it fail meanwhile. */
  async untilReady({ mayFail = false } = {}): Promise<void> {
    await this.pending;
    if (this.failures > 0 && !mayFail) throw new Error(`${this.path} failed, and had to be asked for again`);
  }

  /** Downloads it in all formats if it was requested since the last download, and checks that each is complete. */
  async fetchAll(): Promise<void> {
    if (!this.isUnread) return;
    const missing = await this.customer.visit((visitor) => this.listMissing(visitor, FORMATS));
    if (missing.length > 0)
      throw new Error(`${this.path} is offered, but not there as ${missing.join(', ')}`);
    this.isUnread = false;
  }

  private async ask(): Promise<void> {
    await this.customer.visit(async (visitor) => {
      await visitor.get(`${this.path}/request`);
      return visitor.post(`${this.path}/request`);
    });
  }

  private async watch(): Promise<void> {
    const pressed = performance.now();
    for (;;) {
      const page = await this.look();
      const tookMs = performance.now() - pressed;
      if (FORMATS.every((format) => isOffered(page, format))) {
        this.tookMs = tookMs;
        return;
      }
      if (tookMs > TIMEOUT_MS) throw new Error(`${this.path} is not ready after ${TIMEOUT_MS} ms`);
      if (page.includes(HAS_FAILED)) await this.askAgain(page);
      await delay(POLL_MS);
    }
  }

  private askAgain(page: string): Promise<void> {
    if (!page.includes(WHAT_TO_DO)) throw new Error(`${this.path} fails without saying what to do`);
    this.failures += 1;
    return this.ask();
  }

  /** Reads the page and tries to download formats that it does not offer: whatever is served must be complete. */
  private look(): Promise<string> {
    return this.customer.visit(async (visitor) => {
      const page = await visitor.get(this.path);
      await this.listMissing(
        visitor,
        FORMATS.filter((format) => !isOffered(page, format)),
      );
      return page;
    });
  }

  private async listMissing(visitor: Visitor, formats: DetailFileFormat[]): Promise<string[]> {
    const missing: string[] = [];
    for (const format of formats) if (!(await this.fetch(visitor, format))) missing.push(format);
    return missing;
  }

  private fetch(visitor: Visitor, format: DetailFileFormat): Promise<boolean> {
    const address = `${this.path}/download?format=${format}`;
    return fetchWhole(visitor, address, this.totals(), this.kind === 'calls' ? 'last' : 'second');
  }
}

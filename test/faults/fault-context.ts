import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FaultOptions } from './fault-options';
import { PortalUnderTest, type PortalOptions } from './portal-under-test';
import { createRedisWrapperPath } from './redis-program';

/** A folder shared by the fault families, with portals in it that end with it. */
export class FaultContext {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'meisai-faults-'));
  private readonly closing: (() => Promise<void>)[] = [];
  private shared?: Promise<PortalUnderTest>;

  constructor(readonly options: FaultOptions) {}

  /** The one on SQLite that most faults hit. */
  getPortal(): Promise<PortalUnderTest> {
    const settings = { PATH: createRedisWrapperPath(path.join(this.folder, 'bin')) };
    return (this.shared ??= this.open('sqlite', { settings }));
  }

  async open(name: string, wanted: Partial<PortalOptions> = {}): Promise<PortalUnderTest> {
    const { rows } = this.options;
    const portal = new PortalUnderTest(path.join(this.folder, name), { rows, ...wanted });
    this.addCloser(() => portal.close());
    await portal.open();
    return portal;
  }

  addCloser(close: () => Promise<void>): void {
    this.closing.push(close);
  }

  /** A fault that takes its time is tried less often than the killed worker. */
  countTries(share: number): number {
    return Math.max(1, Math.round(this.options.tries * share));
  }

  async close(keepsFolder: boolean): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
    if (!keepsFolder) await rm(this.folder, { recursive: true, force: true });
  }
}

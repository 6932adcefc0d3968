import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProgram } from '../kit/installation';
import { measureSeconds } from '../kit/turns';
import type { CallsFile } from '../kit/calls-file';
import type { PortalUnderTest } from './portal-under-test';

interface ImportResult {
  added: number;
  duplicates: number;
}

/** Imports that a fault interrupts; each file has calls that are not stored yet. */
export class ImportUnderFault {
  private readonly rows: number;
  private imports = 0;
  private file?: CallsFile;
  /** How long an undisturbed import takes, in milliseconds. */
  private typicalMs = 0;

  constructor(
    private readonly portal: PortalUnderTest,
    private readonly name: string,
  ) {
    this.rows = Math.ceil(portal.rows / 5);
  }

  /** One to its end, to know how long it takes. */
  async rehearse(): Promise<void> {
    this.typicalMs = 1000 * (await measureSeconds(async () => (await this.start()).ended));
    await this.rerun('done');
  }

  async start(): Promise<RunningProgram> {
    this.imports += 1;
    this.file = await this.portal.stored.writeNew(`${this.name}-${this.imports}`, this.rows, 'small');
    return this.portal.installation.startCommand('import', 'calls', this.file.path);
  }

  randomDelay(): Promise<void> {
    return delay(Math.random() * this.typicalMs);
  }

  /** Waits for the end: an import that fails tells the operator in one line what happened and what to do. */
  async waitForOutcome(victim: RunningProgram): Promise<'done' | 'failed'> {
    if ((await victim.ended) === 0) return 'done';
    const said = victim.readOutput().trim();
    if (!/^meisai: [^\n]+ run it again [^\n]+$/.test(said)) throw new Error(`the import says: ${said}`);
    return 'failed';
  }

  /**
   * Runs it again: all calls of the file come in now where it has failed, none where it was done. Where it was killed
   * nobody knows, but it is the one or the other.
   */
  async rerun(outcome: 'done' | 'failed' | 'killed'): Promise<void> {
    if (!this.file) throw new Error('there is no import to be run again');
    const { installation } = this.portal;
    const again = ['import', 'calls', this.file.path, '--again'];
    const { result } = await installation.runCommand<ImportResult>(...again);
    this.portal.stored.add(this.file, 'small');
    const allowed = { done: [0], failed: [this.rows], killed: [0, this.rows] }[outcome];
    if (!allowed.includes(result.added) || result.added + result.duplicates !== this.rows)
      throw new Error(`${outcome}, and then ${result.added} of ${this.rows} calls were missing`);
  }
}

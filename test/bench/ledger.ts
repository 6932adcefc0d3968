import type { BenchOptions } from './bench-options';
import type { EngineName } from './engine';
import { buildResult, type Measured, type Result } from './report';
import type { Row } from './rows';

type Place = EngineName | 'any';

const MAX_REASON = 120;

/** The measurements of each row, and the reasons for rows without one. */
export class Ledger {
  private readonly measured = new Map<string, Measured>();
  private readonly reasons = new Map<string, string>();

  add(id: string, on: Place, figures: Measured): void {
    this.measured.set(`${id} ${on}`, figures);
  }

  leaveOut(id: string, on: Place, reason: string): void {
    this.reasons.set(`${id} ${on}`, reason);
  }

  /** The rows that were to be measured and are not. */
  fail(rows: readonly Row[], engine: EngineName, error: unknown): void {
    const [reason = ''] = String(error).slice(0, MAX_REASON).split('\n');
    for (const { id, on } of rows) this.leaveOut(id, engine in on ? engine : 'any', reason);
  }

  /** A line for each row and database, measured or not. */
  buildResults(rows: readonly Row[], { only, rows: calls }: BenchOptions): Result[] {
    return rows
      .filter(({ part }) => !only || (part !== undefined && only.includes(part)))
      .flatMap((row) =>
        (Object.keys(row.on) as Place[]).map((on) => {
          const key = `${row.id} ${on}`;
          const reason = row.part === undefined ? 'not built yet' : this.reasons.get(key);
          return buildResult(row, on, calls, this.measured.get(key), reason);
        }),
      );
  }
}

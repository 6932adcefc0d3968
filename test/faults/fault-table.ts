export interface FaultResult {
  fault: string;
  tries: number;
  /** Tries after which something was lost or wrong. */
  lost: number;
  /** Seconds from the end of the fault until recovery. */
  longest: number;
}

/** This machine lacks something that a fault family needs. The message names it and the remedy. */
export class MissingForFault extends Error {}

/** The system that a fault is injected into. */
export interface FaultTarget {
  /** @throws Error if an invariant is broken after the fault */
  checkAfter(): Promise<void>;
}

/** Injects a fault several times. `run` returns the seconds until recovery, and fails if something was lost. */
export async function tryFault(
  target: FaultTarget,
  fault: string,
  tries: number,
  run: () => Promise<number>,
): Promise<FaultResult> {
  const result: FaultResult = { fault, tries, lost: 0, longest: 0 };
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      result.longest = Math.max(result.longest, await run());
      await target.checkAfter();
    } catch (error) {
      result.lost += 1;
      process.stderr.write(`${fault}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  process.stderr.write(`${fault}: ${result.lost} of ${tries} lost, at most ${result.longest.toFixed(1)} s\n`);
  return result;
}

/** A table in Markdown, with what was left out and why. */
export function formatFaultTable(results: FaultResult[], skipped: string[]): string {
  const lines = results.map(
    ({ fault, tries, lost, longest }) => `| ${fault} | ${tries} | ${lost} | ${longest.toFixed(1)} s |`,
  );
  return [
    ...skipped.flatMap((reason) => [`skipped: ${reason}`, '']),
    '| fault | tries | lost | longest recovery |',
    '|---|---|---|---|',
    ...lines,
  ].join('\n');
}

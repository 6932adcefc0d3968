export interface FaultResult {
  fault: string;
  tries: number;
  /** How often what came out was not what had to come out. */
  lost: number;
  /** Seconds from the end of the fault until all was well again. */
  longest: number;
}

/** What a family of faults needs is not there. The message names it, and what to do. */
export class MissingForFault extends Error {}

/** What a fault befalls. */
export interface FaultTarget {
  /** Fails where something is not as it must be after every fault. */
  checkAfter(): Promise<void>;
}

/** Befalls it several times. `run` gives the seconds of recovery, or fails where something was lost. */
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

export interface FaultResult {
  fault: string;
  tries: number;
  /** How often what came out was not what had to come out. */
  lost: number;
  /** Seconds from the fault until all was well again. */
  longest: number;
}

/** Runs a fault several times. `run` gives the seconds of recovery, or fails where something was lost. */
export async function tryFault(
  fault: string,
  tries: number,
  run: () => Promise<number>,
): Promise<FaultResult> {
  const result: FaultResult = { fault, tries, lost: 0, longest: 0 };
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      result.longest = Math.max(result.longest, await run());
    } catch (error) {
      result.lost += 1;
      process.stderr.write(`${fault}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  process.stderr.write(`${fault}: ${result.lost} of ${tries} lost\n`);
  return result;
}

/** A table in Markdown. */
export function faultTable(results: FaultResult[]): string {
  const lines = results.map(
    ({ fault, tries, lost, longest }) => `| ${fault} | ${tries} | ${lost} | ${longest.toFixed(1)} s |`,
  );
  return ['| fault | tries | lost | longest recovery |', '|---|---|---|---|', ...lines].join('\n');
}

export interface Turns {
  /** Seconds. */
  reference?: number;
  ours: number;
}

export const computeMedian = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * Runs reference and ours in turns, so that both meet the same machine, and gives the medians of what they return
 * (seconds). A reference that is not there is left out.
 */
export async function runInTurns(
  rounds: number,
  reference: ((round: number) => Promise<number>) | undefined,
  ours: (round: number) => Promise<number>,
): Promise<Turns> {
  const times = { reference: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    if (reference) times.reference.push(await reference(round));
    times.ours.push(await ours(round));
  }
  return { ...(reference && { reference: computeMedian(times.reference) }), ours: computeMedian(times.ours) };
}

export async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

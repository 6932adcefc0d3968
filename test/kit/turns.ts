import type { Cost } from './measured-process';

export const computeMedian = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The cost of each round. */
export interface Turns {
  reference: Cost[];
  ours: Cost[];
}

/** Runs reference and ours in turns, so that both meet the same machine. A reference that is not there is left out. */
export async function takeTurns(
  rounds: number,
  reference: (() => Promise<Cost>) | undefined,
  ours: () => Promise<Cost>,
): Promise<Turns> {
  const turns: Turns = { reference: [], ours: [] };
  for (let round = 0; round < rounds; round += 1) {
    if (reference) turns.reference.push(await reference());
    turns.ours.push(await ours());
  }
  return turns;
}

export async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** What a piece of work costs that a running program does; `readCpu` gives the seconds of CPU that it has had so far. */
export async function measureCost(readCpu: () => number, work: () => Promise<unknown>): Promise<Cost> {
  const cpu = readCpu();
  const seconds = await measureSeconds(work);
  return { seconds, cpu: readCpu() - cpu };
}

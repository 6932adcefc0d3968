import type { ActionName } from './generator/actions';
import type { Depth } from './portal/comparison';

/** An action, any where it has no name, and how deeply is compared after it. */
export interface RoundStep {
  name?: ActionName;
  depth: Depth;
}

export interface RoundPlan {
  seed: number;
  steps: RoundStep[];
}

const WHOLE: RoundStep[] = [
  ...Array.from({ length: 7 }, (): RoundStep => ({ depth: 'changed' })),
  { depth: 'all' },
];

const createShortPlan = (seed: number, ...names: ActionName[]): RoundPlan => ({
  seed,
  steps: names.map((name, index) => ({ name, depth: index < names.length - 1 ? 'sums' : 'changed' })),
});

export const createWholePlans = (count: number): RoundPlan[] =>
  Array.from({ length: count }, (_, index) => ({ seed: index + 1, steps: WHOLE }));

/** Three short rounds; so many whole ones as `ROUNDS=30` says; or the one that `ROUNDS_SEED=7` names. */
export function listRoundPlans({ ROUNDS, ROUNDS_SEED } = process.env): RoundPlan[] {
  if (ROUNDS_SEED !== undefined) return [{ seed: Number(ROUNDS_SEED), steps: WHOLE }];
  if (ROUNDS !== undefined) return createWholePlans(Number(ROUNDS));
  return [
    createShortPlan(1, 'billing', 'billing', 'undo'),
    createShortPlan(2, 'freeswitch', 'freeswitch', 'rerate-types'),
    createShortPlan(3, 'billing', 'replace', 'reclassify'),
  ];
}

import { createApp } from '../../app';
import { closeTestPortal, openTestPortal, setClock } from '../support/portal';
import { expectSummariesToAgree } from '../support/summaries';
import type { Contract } from './calculator/records';
import { Round } from './generator/round';
import { Comparison } from './portal/comparison';
import { Customer } from './portal/customer';
import { deleteEverything } from './portal/delete-everything';
import { Operator } from './portal/operator';
import { listRoundPlans } from './round-options';

/** A whole round makes hundreds of requests. */
const TIMEOUT_MS = 600_000;

/**
 * Random rounds: an operator imports, undoes and rates calls anew, and after each action everything that the portal
 * shows is compared with a calculator that shares no code with it. `ROUNDS_SEED=7` runs one round again.
 */
beforeAll(openTestPortal);
afterEach(expectSummariesToAgree);
afterAll(closeTestPortal);

it.each(listRoundPlans())(
  'seed $seed: what the portal shows is what the calculator computes',
  async ({ seed, steps }) => {
    const round = new Round(seed);
    const { world, calculator } = round;
    const { contracts } = world.stock;
    await deleteEverything();
    setClock(`${world.now.replace(' ', 'T')}+09:00`);
    const operator = new Operator();
    await operator.setUp(world.stock);
    const app = createApp();
    const customers = new Map<Contract, Customer>();
    for (const contract of contracts) customers.set(contract, await Customer.logIn(app, contract));
    const comparison = new Comparison(calculator, operator, customers, world);
    const done: string[] = [];
    for (const { name, depth } of steps) {
      const action = round.pickAction(name);
      done.push(action.what);
      const right = round.calculate(action);
      comparison.compare(action.what, await operator.perform(action), right);
      await comparison.compareAll(depth);
      const differences = comparison.differences.slice(0, 3);
      expect({ seed, done, differences }).toEqual({ seed, done, differences: [] });
    }
    expect(comparison.count).toBeGreaterThan(100);
  },
  TIMEOUT_MS,
);

import { createSeededRandom } from '../../../jobs/demo/seeded-random';
import { Calculator, type ImportOutcome } from '../calculator/calculator';
import { features } from '../features';
import { type Action, type ActionName, ActionPicker } from './actions';
import { CallMaker } from './calls';
import { createWorld, type World } from './world';

/** What an action does: counts, or that it is refused. */
export type Outcome = Partial<ImportOutcome> & { removed?: number; rated?: number; isRefused?: boolean };

/** A world, and actions in it, which the calculator follows. The same seed gives the same. */
export class Round {
  readonly world: World;
  readonly calculator: Calculator;
  private readonly actions: ActionPicker;

  constructor(readonly seed: number) {
    const random = createSeededRandom(seed);
    this.world = createWorld(seed, random);
    this.calculator = new Calculator(this.world.stock);
    const calls = new CallMaker(random, this.world);
    this.actions = new ActionPicker(random, this.world, calls, this.calculator);
  }

  pickAction(wanted?: ActionName): Action {
    return this.actions.pick(wanted);
  }

  /** Has the calculator do it. */
  calculate(action: Action): Outcome {
    const { calculator } = this;
    const { stock } = calculator;
    switch (action.kind) {
      case 'import':
        return calculator.importFile(action.records, 'base', action.replaces);
      case 'import-same-file':
        return {
          ...calculator.importAgain(action.batch),
          ...(features.refusesSameFile && { isRefused: true }),
        };
      case 'undo':
        return { removed: calculator.undo(action.batch) };
      case 'undo-overlapped':
        return { isRefused: true };
      case 'rerate':
        stock.tariffs.set(action.rerating.tariff, action.rates);
        return { rated: calculator.rerate(action.rerating) };
      case 'reclassify':
        stock.types = stock.types.map((type) => (type.code === action.type.code ? action.type : type));
        return {};
    }
  }
}

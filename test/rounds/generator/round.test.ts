import { readMoment, toCivilTime, writeClock } from '../calculator/civil-time';
import type { StoredCall } from '../calculator/records';
import { createWholePlans, listRoundPlans, type RoundPlan } from '../round-options';
import type { Action } from './actions';
import { type Outcome, Round } from './round';

interface Step {
  action: Action;
  outcome: Outcome;
  /** The calls before and after it. */
  before: StoredCall[];
  after: StoredCall[];
  round: Round;
}

function play({ seed, steps }: RoundPlan): Step[] {
  const round = new Round(seed);
  const copyCalls = () => round.calculator.calls.map((call) => ({ ...call }));
  return steps.map(({ name }) => {
    const action = round.pickAction(name);
    const before = copyCalls();
    const outcome = round.calculate(action);
    return { action, outcome, before, after: copyCalls(), round };
  });
}

const isCounted = ({ round }: Step, { type }: StoredCall) => round.calculator.getType(type).isCounted;
const isAtMidnight = (moment: number) => writeClock(moment) === '00:00:00.0' && toCivilTime(moment).day === 1;
const crossesMonths = ({ start, duration }: StoredCall) =>
  toCivilTime(start).month !== toCivilTime(start + duration).month && !isAtMidnight(start + duration);

/** What a call may be, besides an ordinary one. */
const CALLS: Record<string, (call: StoredCall, step: Step) => boolean> = {
  'crosses the border of two months': (call, step) => crossesMonths(call) && !isCounted(step, call),
  'ends at 00:00:00.0 of a first day': ({ start, duration }) =>
    duration > 0 && isAtMidnight(start + duration),
  'begins at 00:00:00.0 of a first day': ({ start }) => isAtMidnight(start),
  'is counted, with a duration': (call, step) => isCounted(step, call) && call.duration > 0,
  'is counted, and ends in the next month': (call, step) => isCounted(step, call) && crossesMonths(call),
  'lasts 0.1 s': ({ duration }) => duration === 1,
  'lasts no time': ({ duration }) => duration === 0,
  'lasts 100 hours': ({ duration }) => duration >= 3_600_000,
  'was received': ({ direction }) => direction === 'incoming',
  'was received from a withheld number': ({ direction, other }) => direction === 'incoming' && other === '',
  'is between two lines of ours': ({ identity, isInternal }) => isInternal && !identity.startsWith('billing'),
  'began when another of its number did': (call, { after }) =>
    after.filter(({ number, start }) => number === call.number && start === call.start).length > 1,
  'has a charge that does not fit into six bytes': ({ charge }) => charge > 99_999,
};

/** What an action may do. */
const ACTIONS: Record<string, (step: Step) => boolean> = {
  'adds some calls of a file and knows others': ({ outcome }) =>
    Boolean(outcome.added && outcome.alreadyThere),
  'leaves unanswered records out': ({ outcome }) => Boolean(outcome.unanswered),
  'rejects a record': ({ outcome }) => Boolean(outcome.rejected),
  'imports the same file again': ({ action }) => action.kind === 'import-same-file',
  'undoes a batch of several': ({ action, after }) => action.kind === 'undo' && after.length > 0,
  'gives calls other charges, not types': ({ action, before, after }) =>
    action.kind === 'rerate' &&
    !action.rerating.withTypes &&
    JSON.stringify(before) !== JSON.stringify(after),
  'replaces a call': ({ action, outcome }) =>
    action.kind === 'import' && Boolean(action.replaces && outcome.added),
  'is refused because batches overlap': ({ action }) => action.kind === 'undo-overlapped',
  'moves calls between months by their type': ({ action, before, round: { calculator } }) =>
    action.kind === 'reclassify' &&
    before.some((call) => call.type === action.type.code && crossesMonths(call)) &&
    calculator.calls.length > 0,
  'gives calls other types': ({ action, before, after }) =>
    action.kind === 'rerate' && before.some(({ type }, place) => type !== after[place]?.type),
};

describe('thirty rounds', () => {
  const steps = createWholePlans(30).flatMap(play);

  it.each(Object.keys(ACTIONS))('have an action that %s', (name) => {
    expect(steps.some((step) => ACTIONS[name]?.(step))).toBe(true);
  });

  it.each(Object.keys(CALLS))('have a call that %s', (name) => {
    expect(steps.some((step) => step.after.some((call) => CALLS[name]?.(call, step)))).toBe(true);
  });
});

it('the short rounds undo a batch, replace calls, and give other charges and types', () => {
  const kinds = listRoundPlans({})
    .flatMap(play)
    .map(({ action }) => action.kind);
  expect(new Set(kinds)).toEqual(new Set(['import', 'undo', 'rerate', 'reclassify']));
});

it('a seed gives the same round each time, which ends before now', () => {
  const [one, other] = [
    play({ seed: 7, steps: [{ depth: 'all' }, { depth: 'all' }] }),
    play({ seed: 7, steps: [{ depth: 'all' }, { depth: 'all' }] }),
  ];
  expect(one.map(({ action }) => action)).toEqual(other.map(({ action }) => action));
  const [{ round, after } = { round: new Round(7), after: [] }] = one;
  const now = readMoment(round.world.now);
  expect(after.filter(({ start, duration }) => start + duration > now)).toEqual([]);
});

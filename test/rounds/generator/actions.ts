import type { SeededRandom } from '../../../jobs/demo/seeded-random';
import type { Calculator } from '../calculator/calculator';
import { getMonth, listMonthsBefore, readMoment } from '../calculator/civil-time';
import type { BillingRecord, CallType, Rate, Rerating, SourceRecord } from '../calculator/records';
import { features } from '../features';
import type { CallMaker } from './calls';
import { createRates, listOwnTypes, type World } from './world';

/** What an operator does next. Batches count from 0, in the order of the imports. */
export type Action =
  | { kind: 'import'; what: string; records: SourceRecord[]; replaces?: boolean }
  /** The very file of a batch once more. */
  | { kind: 'import-same-file'; what: string; batch: number }
  | { kind: 'undo'; what: string; batch: number }
  /** Of a batch that a later one overlaps. */
  | { kind: 'undo-overlapped'; what: string; batch: number }
  | { kind: 'rerate'; what: string; rerating: Rerating; rates: Rate[] }
  | { kind: 'reclassify'; what: string; type: CallType };

const SOURCES = ['billing', 'asterisk', 'freeswitch'] as const;
type Source = (typeof SOURCES)[number];

/** The kinds of actions by name; those of imports are their sources. */
export type ActionName =
  Source | 'same-file' | 'undo' | 'undo-overlapped' | 'replace' | 'rerate' | 'rerate-types' | 'reclassify';

/** How often each is done: imports first. */
const NAMES: ActionName[] = [
  ...(['billing', 'billing', 'asterisk', 'freeswitch', 'same-file', 'undo'] as const),
  ...(['rerate', 'rerate-types', 'rerate-types'] as const),
  ...(features.keepsOverlappedBatches ? (['undo-overlapped'] as const) : []),
  ...(features.canReplace ? (['replace'] as const) : []),
  ...(features.canReclassify ? (['reclassify'] as const) : []),
];

/** Picks actions that fit what has been done so far. */
export class ActionPicker {
  /** Records that have been in some file, by their source. */
  private readonly used: Record<Source, SourceRecord[]> = { billing: [], asterisk: [], freeswitch: [] };
  private picked = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly world: World,
    private readonly calls: CallMaker,
    private readonly calculator: Calculator,
  ) {}

  /** The action of this name, or any; an import where what is done so far does not allow it. */
  pick(wanted?: ActionName): Action {
    this.picked += 1;
    const isFirst = this.picked <= 2;
    const name = wanted ?? this.random.pick(isFirst ? SOURCES : NAMES);
    return this.pickNamed(name) ?? this.pickImport('billing');
  }

  private pickNamed(name: ActionName): Action | undefined {
    switch (name) {
      case 'same-file':
        return this.pickSameFile();
      case 'undo':
        return this.pickUndo();
      case 'undo-overlapped':
        return this.pickOverlappedUndo();
      case 'replace':
        return this.pickReplacement();
      case 'rerate':
        return this.pickRerating(false);
      case 'rerate-types':
        return this.pickRerating(true);
      case 'reclassify':
        return this.pickReclassification();
      default:
        return this.pickImport(name);
    }
  }

  /** New records, some that came before, some twice in the file; in any order. */
  private pickImport(source: Source): Action {
    const { random } = this;
    const fresh = this.calls.makeRecords(source, random.pickBetween(10, this.picked <= 2 ? 40 : 25));
    const known = this.used[source].filter(() => random.pickBetween(1, 3) === 1);
    const twice = [...fresh, ...known].filter(() => random.pickBetween(1, 6) === 1);
    const altered = known.flatMap((record) =>
      record.kind === 'billing' && random.pickBetween(1, 5) === 1 ? [this.calls.change(record)] : [],
    );
    this.used[source].push(...fresh);
    // A known record stands before its altered form: otherwise, where its batch was undone, that would be the call.
    const records = [...this.shuffle([...fresh, ...known, ...twice]), ...altered];
    const counts = `${fresh.length} new, ${known.length} known, ${twice.length} twice, ${altered.length} altered`;
    return { kind: 'import', what: `import ${source}: ${counts}`, records };
  }

  private shuffle<Item>(items: Item[]): Item[] {
    const left = [...items];
    return items.map(() => left.splice(this.random.pickBetween(0, left.length - 1), 1)[0] as Item);
  }

  private pickBatch(fits: (batch: number) => boolean): number | undefined {
    const batches = this.calculator.batches.map((_, batch) => batch).filter(fits);
    return batches.length > 0 ? this.random.pick(batches) : undefined;
  }

  private readonly stands = (batch: number): boolean =>
    this.calculator.calls.some((call) => call.batch === batch);

  private pickUndo(): Action | undefined {
    const batch = this.pickBatch((one) => this.calculator.canUndo(one));
    return batch === undefined ? undefined : { kind: 'undo', what: `undo batch ${batch}`, batch };
  }

  private pickOverlappedUndo(): Action | undefined {
    const batch = this.pickBatch((one) => this.stands(one) && !this.calculator.canUndo(one));
    if (batch === undefined) return undefined;
    return { kind: 'undo-overlapped', what: `undo the overlapped batch ${batch}`, batch };
  }

  private pickSameFile(): Action | undefined {
    const batch = this.pickBatch(this.stands);
    if (batch === undefined) return undefined;
    return { kind: 'import-same-file', what: `import the file of batch ${batch} again`, batch };
  }

  private pickRerating(withTypes: boolean): Action {
    const { random, world } = this;
    const now = readMoment(world.now);
    const month = random.pick([getMonth(now), ...listMonthsBefore(now, 4)]);
    const contract = random.pickBetween(1, 4) === 1 ? random.pick(world.stock.contracts).code : undefined;
    const tariff = `tariff${this.picked}`;
    const rates = createRates(random, now, (type) => this.changeType(type));
    const rerating = { month, tariff, withTypes, ...(contract !== undefined && { contract }) };
    const what = `rerate ${month} by another tariff${withTypes ? ' with types' : ''}${contract ? ` for ${contract}` : ''}`;
    return { kind: 'rerate', what, rerating, rates };
  }

  /** Sometimes another type; a counted one only for a counted one, where the portal forgets durations. */
  private changeType(code: string): string {
    const { types } = this.world.stock;
    const isCounted = types.some((type) => type.code === code && type.isCounted);
    const others = types.filter((type) => features.keepsCountedDurations || type.isCounted === isCounted);
    return this.random.pickBetween(1, 3) === 1 ? this.random.pick(others).code : code;
  }

  /** Records of the billing system that are known, each with other content. */
  private pickReplacement(): Action | undefined {
    const replaced = this.used.billing.filter(
      (record): record is BillingRecord => record.kind === 'billing' && this.random.pickBetween(1, 4) === 1,
    );
    if (replaced.length === 0) return undefined;
    const records = this.shuffle(replaced.map((record) => this.calls.change(record)));
    return { kind: 'import', what: `import --replace: ${records.length} changed`, records, replaces: true };
  }

  private pickReclassification(): Action {
    const { random } = this;
    const own = random.pick(listOwnTypes());
    const current = this.calculator.getType(own.code);
    const type: CallType = {
      ...current,
      label: `${own.label}${random.pickBetween(1, 9)}`,
      category: random.pick(['domestic', 'international', 'mobile'] as const),
      feesColumn: random.pick(['domestic', 'international', 'au', 'other_mobile'] as const),
      usageRow: random.pick(['general', 'international', 'mobile', 'ip', 'phs'] as const),
      isCounted: features.keepsCountedDurations ? random.pickBetween(0, 1) === 1 : current.isCounted,
    };
    return {
      kind: 'reclassify',
      what: `import call-types: ${type.code} counted ${String(type.isCounted)}`,
      type,
    };
  }
}

import type { SeededRandom } from '../../../jobs/demo/seeded-random';
import { getFirstDay, getMonth, listMonthsBefore, type Moment, readMoment } from '../calculator/civil-time';
import type { BillingRecord, SourceRecord, Stock, SwitchRecord } from '../calculator/records';
import { features } from '../features';
import { type Destination, destinations, writeHyphens } from './destinations';
import type { World } from './world';

const DAY = 864_000;

/** Makes the records of a round's calls, many of them at the borders of rules. */
export class CallMaker {
  private readonly months: Moment[];
  private readonly now: Moment;
  private made = 0;
  private lastStart: Moment;

  constructor(
    private readonly random: SeededRandom,
    private readonly world: World,
  ) {
    this.now = readMoment(world.now);
    const months = [getMonth(this.now), ...listMonthsBefore(this.now, 4)];
    this.months = months.map((month) => readMoment(getFirstDay(month)));
    this.lastStart = this.months[0] ?? 0;
  }

  private get stock(): Stock {
    return this.world.stock;
  }

  private isOneIn = (count: number): boolean => this.random.pickBetween(1, count) === 1;

  makeBillingRecord(): BillingRecord {
    const { random } = this;
    this.made += 1;
    const line = random.pick(this.stock.lines);
    const direction = this.isOneIn(3) ? 'incoming' : 'outgoing';
    const destination = this.pickDestination(direction === 'incoming');
    const type = this.pickType(destination);
    const times = this.makeTimes(1);
    const isWithheld = direction === 'incoming' && this.isOneIn(4);
    return {
      ...{
        kind: 'billing',
        sourceId: `b-${this.made}`,
        number: this.isOneIn(40) ? '05099990000' : line.number,
      },
      ...{ direction, ...times, isInternal: this.isOneIn(6), type },
      other: isWithheld ? '' : this.makeNumber(destination),
      area: destination.area,
      charge: direction === 'incoming' ? 0 : this.pickCharge(),
    };
  }

  makeSwitchRecord(of: SwitchRecord['switch']): SwitchRecord {
    const { random } = this;
    this.made += 1;
    const lines = this.stock.lines.filter(({ service, kind }) => service === 'ip050' && kind === 'contract');
    const line = random.pick(lines);
    const isReceived = this.isOneIn(3);
    const isBetweenOurs = this.isOneIn(5);
    const others = lines.filter((one) => one !== line);
    const far = this.makeNumber(this.pickDestination(isReceived));
    const other = isBetweenOurs && others.length > 0 ? random.pick(others).number : far;
    const withheld = isReceived && other === far && this.isOneIn(3) ? 'anonymous' : other;
    const ours = line.alias !== '' && !isReceived ? line.alias : line.number;
    const { start, duration } = this.makeTimes(of === 'asterisk' ? 10 : 1);
    return {
      ...{ kind: 'switch', switch: of, start },
      // A counter that began anew gives an id a second time. The other switch's ids are unique.
      id: of === 'asterisk' && this.isOneIn(5) ? '1500000000.1' : `${1_500_000_000 + this.made}.${this.made}`,
      ...(isReceived ? { caller: withheld, called: ours } : { caller: ours, called: other }),
      duration: Math.max(duration, of === 'asterisk' ? 10 : 1),
      isAnswered: !this.isOneIn(8),
    };
  }

  private pickDestination(isReceived: boolean): Destination {
    return this.random.pick(isReceived ? destinations.filter(({ canCall }) => canCall) : destinations);
  }

  private makeNumber({ prefix, digits, groups }: Destination): string {
    const number = prefix + this.random.pickDigits(digits);
    this.stock.hyphenated.set(number, writeHyphens(number, groups));
    return number;
  }

  /** Usually the destination's own. A counted one stays where the portal forgets durations. */
  private pickType({ type }: Destination): string {
    const { types } = this.stock;
    const isCounted = types.some((one) => one.code === type && one.isCounted);
    const others = types.filter((one) => features.keepsCountedDurations || (!isCounted && !one.isCounted));
    return this.isOneIn(4) && others.length > 0 ? this.random.pick(others).code : type;
  }

  private pickCharge(): number {
    const { random } = this;
    if (this.isOneIn(3)) return random.pickBetween(0, 99_999);
    return random.pick([
      0, 1, 99, 800, 800, 1750, 185_051, 99_999, 100_000, 123_456, 999_994, 999_995, 1_234_567, 12_345_650,
    ]);
  }

  /** Start and duration, both in steps of so many 0.1 s. */
  private makeTimes(step: number): { start: Moment; duration: number } {
    const times = this.pickTimes(step);
    const start = times.start - (times.start % step);
    const duration = times.duration - (times.duration % step);
    // Nothing ends after now.
    const now = this.now - (this.now % step);
    this.lastStart = Math.min(start, now - step);
    return { start: this.lastStart, duration: Math.min(duration, now - this.lastStart) };
  }

  private pickTimes(step: number): { start: Moment; duration: number } {
    const { random } = this;
    const border = random.pick(this.months);
    const duration = random.pickBetween(1, 20_000);
    const anywhere = Math.min(
      border + random.pickBetween(0, 27 * DAY),
      this.now - random.pickBetween(0, DAY),
    );
    switch (random.pickBetween(1, 16)) {
      case 1: // Over the border of two months.
        return { start: border - random.pickBetween(1, 600), duration: 600 + duration };
      case 2: // Ends at 00:00:00.0.
        return { start: border - (duration - (duration % step)), duration };
      case 3: // Ends just after it.
        return { start: border + step - (duration - (duration % step)), duration };
      case 4: // Begins at it.
        return { start: border, duration };
      case 5: // Begins just before it.
        return { start: border - step, duration: random.pick([step, 2 * step, 300]) };
      case 6:
        return { start: anywhere, duration: step };
      case 7:
        return { start: anywhere, duration: random.pick([0, 600, 1800, 1801, 3_599_999]) };
      case 8: // 100 hours and more; with 1,000, February may lie between the months of its start and of its end.
        return { start: border - 2 * DAY, duration: random.pick([3_600_000, 35_900_000]) + duration };
      case 9: // At the same time as the record before.
        return { start: this.lastStart, duration };
      default:
        return { start: anywhere, duration };
    }
  }

  makeRecords(of: 'billing' | SwitchRecord['switch'], count: number): SourceRecord[] {
    return Array.from({ length: count }, () => {
      if (of !== 'billing') return [this.makeSwitchRecord(of)];
      const record = this.makeBillingRecord();
      const hasOtherSide = features.hasOneIdentity && this.isOneIn(8);
      return hasOtherSide ? [record, this.makeOtherSide(record)] : [record];
    }).flat();
  }

  /** The same call with other content, also of another day and month where that is the same call. */
  change(record: BillingRecord): BillingRecord {
    const changed = { ...record, charge: record.charge + 100, area: '変更後' };
    return features.hasOneIdentity ? { ...changed, ...this.makeTimes(1) } : changed;
  }

  /** The other side under the same id, which is another call. */
  makeOtherSide(record: BillingRecord): BillingRecord {
    const isOutgoing = record.direction === 'outgoing';
    const other = this.makeNumber(this.pickDestination(true));
    return {
      ...record,
      direction: isOutgoing ? 'incoming' : 'outgoing',
      other,
      charge: isOutgoing ? 0 : 800,
    };
  }
}

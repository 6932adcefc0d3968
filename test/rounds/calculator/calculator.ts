import { getMonth, getPreviousMonth, type Moment, type Month, toCivilTime, writeDay } from './civil-time';
import { computeCharge, findRate } from './rates';
import type {
  BillingRecord,
  CallType,
  Contract,
  Line,
  Rate,
  Rerating,
  SourceRecord,
  Stock,
  StoredCall,
  SwitchRecord,
} from './records';

/** What an import tells about a file. Calls of both sides count, records once. */
export interface ImportOutcome {
  records: number;
  added: number;
  alreadyThere: number;
  unanswered: number;
  rejected: number;
}

interface Batch {
  records: readonly SourceRecord[];
  tariff: string;
  replaces: boolean;
  isUndone: boolean;
  /** Later batches that had some of its calls again. */
  overlappedBy: Set<number>;
}

type NewSide = Omit<StoredCall, 'batch' | 'content'>;

/**
 * What the portal must show, by brute force: a plain list of calls as they were imported, in that order, and everything
 * else computed from it anew at each question.
 */
export class Calculator {
  readonly calls: StoredCall[] = [];
  readonly batches: Batch[] = [];

  constructor(readonly stock: Stock) {}

  /** Imports a file as the next batch. With `replaces`, a record takes the place of a known call of an earlier
   * batch that says something else. */
  importFile(records: readonly SourceRecord[], tariff = '', replaces = false): ImportOutcome {
    const batch = this.batches.length;
    this.batches.push({ records, tariff, replaces, isUndone: false, overlappedBy: new Set() });
    const outcome = { records: records.length, added: 0, alreadyThere: 0, unanswered: 0, rejected: 0 };
    for (const record of records) {
      if (record.kind === 'switch' && !record.isAnswered) {
        outcome.unanswered += 1;
        continue;
      }
      const sides = record.kind === 'billing' ? this.readBilling(record) : this.readSwitch(record, tariff);
      if (sides.length === 0) outcome.rejected += 1;
      for (const side of sides) {
        const call = { ...side, content: JSON.stringify(record), batch };
        const known = this.calls.find(({ identity }) => identity === side.identity);
        const isOfOtherBatch = known !== undefined && known.batch !== batch;
        if (isOfOtherBatch) this.getBatch(known.batch).overlappedBy.add(batch);
        const isReplaced = replaces && isOfOtherBatch && known.content !== call.content;
        if (isReplaced) this.calls.splice(this.calls.indexOf(known), 1);
        if (known && !isReplaced) outcome.alreadyThere += 1;
        else {
          this.calls.push(call);
          outcome.added += 1;
        }
      }
    }
    return outcome;
  }

  private readBilling(record: BillingRecord): NewSide[] {
    const { sourceId, number, direction, start } = record;
    if (!this.findHolder(number, start)) return [];
    const { duration, other, area, isInternal, type, charge } = record;
    const identity = `billing/${sourceId}/${direction}`;
    return [{ identity, number, direction, start, duration, other, area, isInternal, type, charge }];
  }

  private readSwitch(record: SwitchRecord, tariff: string): NewSide[] {
    const { caller, called, start, duration } = record;
    const [from, to] = [this.findLine(caller, start), this.findLine(called, start)];
    const rates = this.getRates(tariff);
    const isInternal = from !== undefined && to !== undefined;
    const id = `${record.switch}/${record.id}/${start}/${caller}/${called}`;
    const common = { start, duration, isInternal };
    const sides: NewSide[] = [];
    if (from) {
      const other = to?.number ?? called;
      const rate = findRate(rates, other, start);
      if (!rate) throw new Error(`The tariff ${tariff} has no rate for ${other}`);
      const charge = computeCharge(rate, duration, this.getType(rate.type).isCounted);
      const { area, type } = rate;
      const identity = `${id}/outgoing`;
      sides.push({
        ...common,
        identity,
        number: from.number,
        direction: 'outgoing',
        other,
        area,
        type,
        charge,
      });
    }
    if (to) {
      const other = from?.number ?? (/^\d+$/.test(caller) ? caller : '');
      const { area, type } = isInternal
        ? { area: 'IP電話', type: 'ip' }
        : (findRate(rates, other, start) ?? { area: '', type: 'domestic' });
      const identity = `${id}/incoming`;
      sides.push({
        ...common,
        identity,
        number: to.number,
        direction: 'incoming',
        other,
        area,
        type,
        charge: 0,
      });
    }
    return sides;
  }

  /** Imports the file of a batch once more. */
  importAgain(batch: number): ImportOutcome {
    const { records, tariff, replaces } = this.getBatch(batch);
    return this.importFile(records, tariff, replaces);
  }

  /** Whether a batch stands, has added calls, and no later batch that stands had some of them too. */
  canUndo(batch: number): boolean {
    const { isUndone, overlappedBy } = this.getBatch(batch);
    const isAlone = [...overlappedBy].every((later) => this.getBatch(later).isUndone);
    return !isUndone && isAlone && this.calls.some((call) => call.batch === batch);
  }

  /** Takes the calls of a batch out again, and returns how many they were. */
  undo(batch: number): number {
    const kept = this.calls.filter((call) => call.batch !== batch);
    const removed = this.calls.length - kept.length;
    this.calls.splice(0, this.calls.length, ...kept);
    this.getBatch(batch).isUndone = true;
    return removed;
  }

  /** Rates the outgoing calls of a month anew, and returns how many they were. */
  rerate({ month, tariff, withTypes, contract }: Rerating): number {
    const rates = this.getRates(tariff);
    const rated = this.calls.filter(
      (call) =>
        call.direction === 'outgoing' &&
        this.getBillingMonth(call) === month &&
        (contract === undefined || this.getContract(call).code === contract),
    );
    for (const call of rated) {
      const rate = findRate(rates, call.other, call.start);
      if (!rate && !call.isInternal) throw new Error(`The tariff ${tariff} has no rate for ${call.other}`);
      if (rate && withTypes) call.type = rate.type;
      call.charge = rate ? computeCharge(rate, call.duration, this.getType(call.type).isCounted) : 0;
    }
    return rated.length;
  }

  /** The month in which the call ends; of a counted call that of its start. An end at midnight is still the old day. */
  getBillingMonth({ start, duration, type }: StoredCall): Month {
    if (this.getType(type).isCounted) return getMonth(start);
    const { day, hour, minute, second, tenth } = toCivilTime(start + duration);
    const isFirstMoment = day === 1 && hour + minute + second + tenth === 0;
    const month = getMonth(start + duration);
    return isFirstMoment ? getPreviousMonth(month) : month;
  }

  /** The duration that sums have: none for a counted call. */
  getTimedDuration = ({ type, duration }: StoredCall): number =>
    this.getType(type).isCounted ? 0 : duration;

  getContract({ number, start }: StoredCall): Contract {
    const contract = this.findHolder(number, start);
    if (!contract) throw new Error(`Nobody holds ${number}`);
    return contract;
  }

  getLine = (number: string): Line => require(this.stock.lines.find((line) => line.number === number));

  getType = (code: string): CallType => require(this.stock.types.find((type) => type.code === code));

  private getRates = (tariff: string): Rate[] => require(this.stock.tariffs.get(tariff));

  private getBatch = (batch: number): Batch => require(this.batches[batch]);

  private findHolder(number: string, start: Moment): Contract | undefined {
    const day = writeDay(start);
    const holding = this.stock.holdings.find(
      ({ firstDay, lastDay, ...held }) =>
        held.number === number && firstDay <= day && (lastDay === '' || day <= lastDay),
    );
    return this.stock.contracts.find(({ code }) => code === holding?.contract);
  }

  /** The line of that name; one that nobody holds at that time is like any other number. */
  private findLine = (name: string, start: Moment): Line | undefined =>
    this.stock.lines.find(
      ({ number, alias }) =>
        (number === name || (alias !== '' && alias === name)) && this.findHolder(number, start) !== undefined,
    );
}

function require<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The calculator was not told of a number, a type or a tariff');
  return value;
}

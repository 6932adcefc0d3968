import { normaliseTelephone } from '../phone-number/parse-phone-number';
import { type DayPeriod, doOverlap, LAST_DAY } from './number-period';
import type { NumberKind } from './phone-number';
import type { CallService } from './service';

/** A number of the operator's file, with its contract. */
export interface NumberLine {
  contract_id: number;
  /** The first day of the contract, as toJstDay() counts them. */
  start_day: number;
  number: string;
  kind: NumberKind;
  /** Exactly these from now on; those that it has stay if there is no list. */
  aliases?: string[] | undefined;
  /** Stays as it is where none is given; a new number's is `ip050`. */
  service?: CallService | undefined;
}

/** A number and the last period in which a contract holds it. */
export interface KnownNumber {
  number: string;
  kind: NumberKind;
  service: CallService;
  last: HeldPeriod | undefined;
}

interface HeldPeriod extends DayPeriod {
  number: string;
  contract_id: number;
}

/** When a name means a number. */
export interface KnownAlias extends DayPeriod {
  alias: string;
  number: string;
}

/** The numbers and aliases that a block of lines is about, as they are after each line, and what is to be written. */
export class NumberRegister {
  readonly newPeriods: HeldPeriod[] = [];
  readonly removedAliases: KnownAlias[] = [];
  private readonly changed = new Set<KnownNumber>();
  private readonly added = new Set<KnownAlias>();
  private readonly numbers: Map<string, KnownNumber>;
  private readonly byAlias = new Map<string, Set<KnownAlias>>();
  private readonly byNumber = new Map<string, Set<KnownAlias>>();

  /** Takes all numbers that are named by the lines, and all aliases that are named or belong to these numbers. */
  constructor(numbers: KnownNumber[], aliases: KnownAlias[]) {
    this.numbers = new Map(numbers.map((known) => [known.number, known]));
    for (const alias of aliases) this.addAlias(alias);
  }

  get changedNumbers(): KnownNumber[] {
    return [...this.changed];
  }

  get newAliases(): KnownAlias[] {
    return [...this.added];
  }

  /** Takes a line, or says why it is refused. */
  take(line: NumberLine): string | undefined {
    const { number, contract_id, start_day, aliases } = line;
    const last = this.numbers.get(number)?.last;
    const isHeld = last?.contract_id === contract_id;
    const period = isHeld ? last : { number, contract_id, first_day: start_day, last_day: LAST_DAY };
    if (last && !isHeld && doOverlap(last, period)) return `${number} is a number of another contract`;
    const named = this.findOtherNumber(number, number, period);
    if (named !== undefined) return `${number} is already an alias of ${named}`;
    const taken = aliases?.find((alias) => this.isTaken(alias, number, period));
    if (taken !== undefined) return `alias ${taken} of ${number} already means another number`;
    this.setNumber(line, period);
    if (!isHeld) this.newPeriods.push(period);
    if (aliases) this.setAliases(number, aliases, period);
    return undefined;
  }

  /** The other number that switches know by this name on a day of the period: its calls would go to that one. */
  private findOtherNumber(alias: string, number: string, period: DayPeriod): string | undefined {
    for (const known of this.byAlias.get(alias) ?? [])
      if (known.number !== number && doOverlap(known, period)) return known.number;
    return undefined;
  }

  private isTaken(alias: string, number: string, period: DayPeriod): boolean {
    return (
      this.findOtherNumber(alias, number, period) !== undefined ||
      listNumbersOfAlias(alias).some((other) => other !== number && this.numbers.has(other))
    );
  }

  private setNumber({ number, kind, ...line }: NumberLine, last: HeldPeriod): void {
    const before = this.numbers.get(number);
    const service = line.service ?? before?.service ?? 'ip050';
    if (before?.kind === kind && before.service === service) {
      before.last = last;
      return;
    }
    if (before) this.changed.delete(before);
    const known = { number, kind, service, last };
    this.numbers.set(number, known);
    this.changed.add(known);
  }

  /** An alias means its number as long as the contract holds it. One that it has keeps its days. */
  private setAliases(number: string, aliases: string[], { first_day, last_day }: DayPeriod): void {
    const wanted = new Set(aliases);
    for (const own of [...(this.byNumber.get(number) ?? [])])
      if (!wanted.has(own.alias)) this.removeAlias(own);
      else if (doOverlap(own, { first_day, last_day })) wanted.delete(own.alias);
    for (const alias of wanted) {
      const known = { alias, number, first_day, last_day };
      this.addAlias(known);
      this.added.add(known);
    }
  }

  private addAlias(known: KnownAlias): void {
    addTo(this.byAlias, known.alias, known);
    addTo(this.byNumber, known.number, known);
  }

  private removeAlias(known: KnownAlias): void {
    this.byAlias.get(known.alias)?.delete(known);
    this.byNumber.get(known.number)?.delete(known);
    if (!this.added.delete(known)) this.removedAliases.push(known);
  }
}

/** The numbers that this alias could be mistaken for. */
export const listNumbersOfAlias = (alias: string): string[] => [
  alias,
  normaliseTelephone(alias).digits ?? alias,
];

function addTo<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  const known = sets.get(key);
  if (known) known.add(value);
  else sets.set(key, new Set([value]));
}

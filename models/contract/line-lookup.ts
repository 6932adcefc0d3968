import { db } from '../../lib/database/db';
import { formatDay } from '../../lib/values/jst';
import { normaliseTelephone } from '../phone-number/parse-phone-number';
import type { DayPeriod, NumberPeriod } from './number-period';

/** A line of ours and the contract that holds it, with what importers need of it. */
export interface KnownLine {
  phone_number_id: number;
  contract_id: number;
  number: string;
}

/** An alias or number of ours, whoever holds it. */
export interface KnownName {
  name: string;
  number: string;
}

/** When a name means a line that a contract holds. Most names have one such period, which never ends. */
interface NamePeriod extends DayPeriod {
  /** An alias, or the number itself. */
  name: string;
  line: KnownLine;
  /** Another period of the name. */
  next: NamePeriod | undefined;
}

const MAX_CACHED = 200_000;

/** All numbers and aliases in memory (some 200 bytes each), for the importers of calls. */
export class LineLookup {
  private readonly cache = new Map<string, NamePeriod | undefined>();

  private numbers?: ReadonlyMap<number, string>;

  constructor(private readonly names: ReadonlyMap<string, NamePeriod>) {}

  getNumber(id: number): string | undefined {
    this.numbers ??= new Map([...this.names.values()].map(({ line }) => [line.phone_number_id, line.number]));
    return this.numbers.get(id);
  }

  /**
   * The line that a switch means by this name: an alias as it stands, or a number in any notation. Its contract is the
   * one that holds it on this day (toJstDay() counts them); undefined if none does.
   */
  find(name: string, day: number): KnownLine | undefined {
    let period = this.findPeriods(name);
    while (period && (day < period.first_day || day > period.last_day)) period = period.next;
    return period?.line;
  }

  /** The alias or number that is meant by this name, whoever holds it and on whatever day. */
  findName(name: string): KnownName | undefined {
    const period = this.findPeriods(name);
    return period && { name: period.name, number: period.line.number };
  }

  private findPeriods(name: string): NamePeriod | undefined {
    const exact = this.names.get(name);
    if (exact || name === '') return exact;
    if (!this.cache.has(name)) {
      if (this.cache.size >= MAX_CACHED) this.cache.clear();
      const digits = normaliseTelephone(name).digits ?? '';
      // Spreadsheets drop the leading 0; try with it restored.
      const withZero = name === digits ? this.names.get(`0${digits}`) : undefined;
      this.cache.set(name, this.names.get(digits) ?? withZero);
    }
    return this.cache.get(name);
  }
}

/** Why a record of this day is refused whose number or alias is ours, but was nobody's then. */
export const explainNoHolder = (names: string[], day: number): string =>
  `${names.join(', ')}: no holder on ${formatDay(day)}`;

export async function openLineLookup(): Promise<LineLookup> {
  const numbers = await db('number_periods as p')
    .join('phone_numbers as n', 'n.id', 'p.phone_number_id')
    .select<(NumberPeriod & KnownLine)[]>('p.*', 'n.number');
  const [names, byId] = [new Map<string, NamePeriod>(), new Map<number, NamePeriod>()];
  for (const { first_day, last_day, ...line } of numbers) {
    const { number: name, phone_number_id } = line;
    const period = { name, line, first_day, last_day, next: byId.get(phone_number_id) };
    byId.set(phone_number_id, period);
    names.set(name, period);
  }
  const aliases = await db<DayPeriod & { alias: string; phone_number_id: number }>('number_aliases').select();
  for (const { alias, phone_number_id, ...days } of aliases)
    for (const { line, ...held } of listPeriods(byId.get(phone_number_id))) {
      const first_day = Math.max(days.first_day, held.first_day);
      const last_day = Math.min(days.last_day, held.last_day);
      names.set(alias, { name: alias, line, first_day, last_day, next: names.get(alias) });
    }
  return new LineLookup(names);
}

function* listPeriods(first: NamePeriod | undefined): Generator<NamePeriod> {
  for (let period = first; period; period = period.next) yield period;
}

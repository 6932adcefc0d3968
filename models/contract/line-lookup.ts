import { db } from '../../lib/database/db';
import { normaliseTelephone } from '../phone-number/parse-phone-number';

/** A line of ours, with what importers need of it. */
export interface KnownLine {
  phone_number_id: number;
  contract_id: number;
  number: string;
}

const MAX_CACHED = 200_000;

/** All numbers and aliases in memory (some 200 bytes each), for the importers of calls. */
export class LineLookup {
  private readonly cache = new Map<string, KnownLine | undefined>();

  private numbers?: ReadonlyMap<number, string>;

  constructor(private readonly names: ReadonlyMap<string, KnownLine>) {}

  getNumber(id: number): string | undefined {
    this.numbers ??= new Map([...this.names.values()].map((known) => [known.phone_number_id, known.number]));
    return this.numbers.get(id);
  }

  /** The line that a switch means by this name: an alias as it stands, or a number in any notation. */
  find(name: string): KnownLine | undefined {
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

export async function openLineLookup(): Promise<LineLookup> {
  const numbers = await db<KnownLine>('phone_numbers').select(
    { phone_number_id: 'id' },
    'contract_id',
    'number',
  );
  const byId = new Map(numbers.map((known) => [known.phone_number_id, known]));
  const names = new Map(numbers.map((known) => [known.number, known]));
  const aliases = await db<{ alias: string; phone_number_id: number }>('number_aliases').select();
  for (const { alias, phone_number_id } of aliases) {
    const known = byId.get(phone_number_id);
    if (known) names.set(alias, known);
  }
  return new LineLookup(names);
}

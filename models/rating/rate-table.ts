import { isShortNumber } from '../phone-number/phone-number-format';

/** A row of the table `tariff_rates`. */
export interface TariffRate {
  id: number;
  tariff_id: number;
  /** First digits of the called number. */
  prefix: string;
  /** 0.1 s since the epoch: midnight in Japan. */
  from_time: number;
  area: string;
  call_type_id: number;
  /** 1/100 yen for each unit begun. */
  unit_charge: number;
  /** 0.1 s */
  unit_duration: number;
  /** 1/100 yen for each call, besides its units. */
  connection_charge: number;
  /** 1/100 yen that a call costs at least. */
  minimum_charge: number;
  /** Milliseconds; when another rate took its place. */
  replaced_at: number | null;
}

/** Bound of a charge, in 1/100 yen. A detail file writes it in 6 bytes at most: 999,999.50 yen would round up to 7. */
export const CHARGE_LIMIT = 99_999_950;

/** A tariff in memory, which finds the rate of a call. */
export class RateTable {
  private readonly byPrefix = new Map<string, TariffRate[]>();
  private readonly maxPrefixLength: number;

  constructor(rates: TariffRate[]) {
    const newestFirst = [...rates].sort((a, b) => b.from_time - a.from_time);
    for (const rate of newestFirst)
      this.byPrefix.set(rate.prefix, [...(this.byPrefix.get(rate.prefix) ?? []), rate]);
    this.maxPrefixLength = rates.reduce((longest, { prefix }) => Math.max(longest, prefix.length), 0);
  }

  /** The rate of the longest prefix that was in force when the call began (0.1 s). A short number needs its own. */
  findRate(number: string, startedAt: number): TariffRate | undefined {
    const shortest = isShortNumber(number) ? number.length : 1;
    for (let length = Math.min(number.length, this.maxPrefixLength); length >= shortest; length -= 1) {
      const rates = this.byPrefix.get(number.slice(0, length));
      const rate = rates?.find(({ from_time }) => from_time <= startedAt);
      if (rate) return rate;
    }
    return undefined;
  }
}

/**
 * The charge in 1/100 yen: the connection plus the units begun (one for a counted call), and at least the minimum.
 * `duration` in 0.1 s; a call without duration costs nothing.
 */
export function computeCharge(rate: TariffRate, duration: number, counted: boolean): number {
  const units = counted ? 1 : Math.ceil(duration / rate.unit_duration);
  return units === 0 ? 0 : Math.max(rate.connection_charge + units * rate.unit_charge, rate.minimum_charge);
}

import { db, type Queryable } from '../../lib/database/db';
import { now } from '../../lib/values/clock';
import { hasSameValues } from '../../lib/values/has-same-values';
import { RateTable, type TariffRate } from './rate-table';
import { OperatorError } from '../../lib/process/operator-error';

interface Tariff {
  id: number;
  name: string;
}

/** There is no such tariff; the message lists those that exist. */
export class UnknownTariffError extends OperatorError {}

export type NewTariffRate = Omit<TariffRate, 'id' | 'tariff_id' | 'replaced_at'>;

const toRateKey = ({ prefix, from_time }: NewTariffRate): string => `${prefix} ${from_time}`;

/** @throws UnknownTariffError naming the known tariffs. */
export async function openTariff(name: string): Promise<RateTable> {
  const tariff = await db<Tariff>('tariffs').where({ name }).first();
  if (!tariff) throw new UnknownTariffError(await explainUnknownTariff(name));
  return new RateTable(
    await db<TariffRate>('tariff_rates').where({ tariff_id: tariff.id, replaced_at: null }),
  );
}

export async function hasTariff(name: string): Promise<boolean> {
  return (await db<Tariff>('tariffs').where({ name }).first()) !== undefined;
}

async function explainUnknownTariff(name: string): Promise<string> {
  const names = await db<Tariff>('tariffs').orderBy('name').pluck('name');
  return `There is no tariff “${name}”. Known: ${[...new Set(['sample', ...names])].join(', ')}`;
}

/**
 * Adds these rates to the tariff of this name, created if necessary. A rate of the same prefix and time is replaced; it
 * stays in the table, because calls name the rate that gave their charge.
 */
export async function saveTariff(name: string, rates: NewTariffRate[], on: Queryable = db): Promise<void> {
  await on.transaction(async (trx) => {
    await trx<Tariff>('tariffs').insert({ name }).onConflict('name').merge();
    const tariff = await trx<Tariff>('tariffs').where({ name }).first();
    const inForce = await trx<TariffRate>('tariff_rates').where({ tariff_id: tariff?.id, replaced_at: null });
    const byKey = new Map(inForce.map((rate) => [toRateKey(rate), rate]));
    const newRates = new Map(rates.map((rate) => [toRateKey(rate), rate]));
    for (const [key, rate] of newRates) {
      const before = byKey.get(key);
      if (before && hasSameValues<NewTariffRate>(before, rate)) continue;
      if (before)
        await trx<TariffRate>('tariff_rates').where({ id: before.id }).update({ replaced_at: now() });
      await trx('tariff_rates').insert({ tariff_id: tariff?.id, ...rate });
    }
  });
}

import { db, type Queryable } from '../../lib/database/db';
import { RateTable, type TariffRate } from './rate-table';
import { OperatorError } from '../../lib/process/operator-error';

interface Tariff {
  id: number;
  name: string;
}

/** There is no such tariff; the message lists those that exist. */
export class UnknownTariffError extends OperatorError {}

export type NewTariffRate = Omit<TariffRate, 'id' | 'tariff_id'>;

/** @throws UnknownTariffError naming the known tariffs. */
export async function openTariff(name: string): Promise<RateTable> {
  const tariff = await db<Tariff>('tariffs').where({ name }).first();
  if (!tariff) throw new UnknownTariffError(await explainUnknownTariff(name));
  return new RateTable(await db<TariffRate>('tariff_rates').where({ tariff_id: tariff.id }));
}

export async function hasTariff(name: string): Promise<boolean> {
  return (await db<Tariff>('tariffs').where({ name }).first()) !== undefined;
}

async function explainUnknownTariff(name: string): Promise<string> {
  const names = await db<Tariff>('tariffs').orderBy('name').pluck('name');
  return `There is no tariff “${name}”. Known: ${[...new Set(['sample', ...names])].join(', ')}`;
}

/** Adds these rates to the tariff of this name, created if necessary. A rate of the same prefix and time is replaced. */
export async function saveTariff(name: string, rates: NewTariffRate[], on: Queryable = db): Promise<void> {
  await on.transaction(async (trx) => {
    await trx<Tariff>('tariffs').insert({ name }).onConflict('name').merge();
    const tariff = await trx<Tariff>('tariffs').where({ name }).first();
    for (const rate of rates)
      await trx('tariff_rates')
        .insert({ tariff_id: tariff?.id, ...rate })
        .onConflict(['tariff_id', 'prefix', 'from_time'])
        .merge();
  });
}

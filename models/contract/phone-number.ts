import { db, type Queryable } from '../../lib/database/db';
import { normaliseTelephone } from '../phone-number/parse-phone-number';
import type { CallService } from './service';

export type NumberKind = 'contract' | 'free_call';

/** A row of the table `phone_numbers`. */
export interface PhoneNumber {
  id: number;
  contract_id: number;
  /** Digits. */
  number: string;
  kind: NumberKind;
  /** What its calls are of; `ip050` where nobody says otherwise. */
  service: CallService;
}

/** The number or one of its aliases is already another line's. */
export class NumberTakenError extends Error {}

export const listPhoneNumbers = (
  contractId: number,
  kind: NumberKind,
  offset: number,
  limit: number,
): Promise<PhoneNumber[]> =>
  db<PhoneNumber>('phone_numbers')
    .where({ contract_id: contractId, kind })
    .orderBy('number')
    .offset(offset)
    .limit(limit);

export async function countPhoneNumbers(contractId: number, kind: NumberKind): Promise<number> {
  const row = await db('phone_numbers')
    .where({ contract_id: contractId, kind })
    .count({ numbers: '*' })
    .first<{ numbers: number }>();
  return row.numbers;
}

/**
 * Creates the number, or changes its kind and service. Its aliases become exactly these; without a list they stay,
 * as does the service where none is given.
 *
 * @throws NumberTakenError where another contract has the number, or another line goes by it or by one of the aliases.
 */
export async function savePhoneNumber(
  contractId: number,
  number: string,
  kind: NumberKind,
  aliases?: string[],
  service?: CallService,
  on: Queryable = db,
): Promise<void> {
  await on.transaction(async (trx) => {
    const [saved] = await trx<PhoneNumber>('phone_numbers')
      .insert({ contract_id: contractId, number, kind, ...(service && { service }) })
      .onConflict('number')
      .merge(service ? ['kind', 'service'] : ['kind'])
      .returning('*');
    if (saved?.contract_id !== contractId)
      throw new NumberTakenError(`${number} is a number of another contract`);
    const named = await findNumberByAlias(trx, number, saved.id);
    if (named !== undefined) throw new NumberTakenError(`${number} is already an alias of ${named}`);
    if (aliases) await saveAliases(trx, saved, aliases);
  });
}

/** The other line that switches know by this name: its calls would go to that one. */
async function findNumberByAlias(trx: Queryable, alias: string, id: number): Promise<string | undefined> {
  const found = await trx('number_aliases')
    .join('phone_numbers', 'phone_numbers.id', 'number_aliases.phone_number_id')
    .where({ alias })
    .whereNot({ phone_number_id: id })
    .first<{ number: string } | undefined>('phone_numbers.number');
  return found?.number;
}

async function saveAliases(trx: Queryable, { id, number }: PhoneNumber, aliases: string[]): Promise<void> {
  await trx('number_aliases').where({ phone_number_id: id }).delete();
  for (const alias of new Set(aliases)) {
    const numbers = [alias, normaliseTelephone(alias).digits ?? alias];
    const taken =
      (await findNumberByAlias(trx, alias, id)) ??
      (await trx('phone_numbers').whereIn('number', numbers).whereNot({ id }).first<object | undefined>());
    if (taken !== undefined)
      throw new NumberTakenError(`alias ${alias} of ${number} already means another number`);
    await trx('number_aliases').insert({ alias, phone_number_id: id });
  }
}

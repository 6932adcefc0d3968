import { db, type Queryable } from '../../lib/database/db';
import { parseDay } from '../../lib/values/jst';
import type { ContractService } from '../sign-in/area';
import { movePeriodStarts } from './number-period';

/** The services that can be subscribed to, in the order of the contract's page. */
export const contractOptions = [
  'dialin',
  'au_incoming_discount',
  'number_request',
  'call_rejection',
  'specific_number_notice',
  'free_call_number_notice',
  'bulk_transfer',
] as const;

/** A row of the table `contracts`. */
export interface Contract {
  id: number;
  code: string;
  customer_number: string;
  /** The self page shows `autocall` contracts, the my page `ip050` ones. */
  service: ContractService;
  channels: number;
  extra_dialin_numbers: number;
  /** YYYY-MM-DD in Japan */
  start_date: string;
  connection_type: string;
  primary_dns: string;
  secondary_dns: string;
  /** Codes of `contractOptions` joined by `;` */
  options: string;
}

export const findContract = (id: number): Promise<Contract | undefined> =>
  db<Contract>('contracts').where({ id }).first();

export const findContractByCode = (code: string, on: Queryable = db): Promise<Contract | undefined> =>
  on<Contract>('contracts').where({ code }).first();

export const findContractsByCode = (codes: string[], on: Queryable): Promise<Contract[]> =>
  on<Contract>('contracts').whereIn('code', codes);

/**
 * Creates the contract, or brings the one of this code up to date. Numbers that it holds since its start are held since
 * its new one.
 *
 * @throws StartDateError if that cannot be
 */
export async function saveContract(contract: Omit<Contract, 'id'>, on: Queryable = db): Promise<void> {
  const { code, start_date } = contract;
  const before = await findContractByCode(code, on);
  if (before && before.start_date !== start_date)
    await movePeriodStarts(before.id, parseDay(before.start_date), parseDay(start_date), on);
  await on('contracts').insert(contract).onConflict('code').merge();
}

export async function hasContracts(): Promise<boolean> {
  return (await db<Contract>('contracts').first()) !== undefined;
}

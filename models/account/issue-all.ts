import { AccountError, type IssuedAccount, saveAccount } from './account';
import { now } from '../../lib/values/clock';
import type { Contract } from '../contract/contract';
import { db } from '../../lib/database/db';
import { hashPassword } from '../../lib/values/password-hash';
import { CONTRACT_SERVICES, LOGIN_KINDS } from '../sign-in/area';
import { generatePassword } from '../sign-in/password-policy';

export interface NewAccount extends IssuedAccount {
  contractCode: string;
}

/** Self page contracts without a login. (A my page login needs an e-mail address, so it is issued one by one.) */
const listContractsWithoutLogin = (): Promise<Contract[]> =>
  db<Contract>('contracts')
    .where({ service: CONTRACT_SERVICES.selfpage })
    .whereNotIn('id', db('logins').whereNotNull('contract_id').select('contract_id'))
    .orderBy('code');

/**
 * Issues a first login and password to every self page contract that has none: all or nothing. `beforeSaving` stores
 * the letters first, so that every password in force stands in a letter.
 *
 * @throws AccountError if one of them has been issued by somebody else in the meantime
 */
export async function issueNewAccounts(
  beforeSaving: (accounts: NewAccount[]) => Promise<void>,
): Promise<NewAccount[]> {
  const contracts = await listContractsWithoutLogin();
  const accounts = contracts.map(({ code }) => ({
    contractCode: code,
    login: code,
    password: generatePassword('selfpage'),
  }));
  const hashes: string[] = [];
  // One at a time: in parallel they would occupy all threads of the machine.
  for (const { password } of accounts) hashes.push(await hashPassword(password));
  if (accounts.length === 0) return [];
  await beforeSaving(accounts);
  await db.transaction(async (trx) => {
    for (const [index, contract] of contracts.entries()) {
      const account_id = await saveAccount(trx, contract);
      const login = {
        account_id,
        contract_id: contract.id,
        kind: LOGIN_KINDS.selfpage,
        login: contract.code,
      };
      const created = await trx('logins')
        .insert({ ...login, password_hash: hashes[index], created_at: now() })
        .onConflict('login')
        .ignore()
        .returning('id');
      if (created.length === 0)
        throw new AccountError(`${contract.code} has been issued just now: nothing is issued, run it again`);
    }
  });
  return accounts;
}

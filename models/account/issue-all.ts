import { AccountError, type IssuedAccount, saveAccount } from './account';
import { now } from '../../lib/values/clock';
import type { Contract } from '../contract/contract';
import { db } from '../../lib/database/db';
import { hashPassword } from '../sign-in/password-hash';
import { generatePassword } from '../sign-in/password-policy';

export interface NewAccount extends IssuedAccount {
  contractCode: string;
}

/** Contracts of the self page that have no login yet. Those of the my page need an e-mail address each. */
const listContractsWithoutLogin = (): Promise<Contract[]> =>
  db<Contract>('contracts')
    .where({ service: 'autocall' })
    .whereNotIn('id', db('logins').whereNotNull('contract_id').select('contract_id'))
    .orderBy('code');

/**
 * Gives every contract of the self page that has none its first login and password, all or none. `beforeSaving` keeps
 * the letters first, so that a password that counts is always in one.
 *
 * @throws AccountError where somebody else issued one of them meanwhile
 */
export async function issueNewAccounts(
  beforeSaving: (accounts: NewAccount[]) => Promise<void>,
): Promise<NewAccount[]> {
  const contracts = await listContractsWithoutLogin();
  const accounts = contracts.map(({ code }) => ({
    contractCode: code,
    login: code,
    password: generatePassword('self'),
  }));
  const hashes: string[] = [];
  // One after the other: they would take all of the machine's threads.
  for (const { password } of accounts) hashes.push(await hashPassword(password));
  if (accounts.length === 0) return [];
  await beforeSaving(accounts);
  await db.transaction(async (trx) => {
    for (const [index, contract] of contracts.entries()) {
      const account_id = await saveAccount(trx, contract);
      const login = { account_id, contract_id: contract.id, kind: 'self', login: contract.code };
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

import { now } from '../../lib/values/clock';
import { type Contract, findContractByCode } from '../contract/contract';
import { db, type Queryable } from '../../lib/database/db';
import { hashPassword } from '../../lib/values/password-hash';
import { type Area, CONTRACT_SERVICES, LOGIN_KINDS } from '../sign-in/area';
import { generatePassword } from '../sign-in/password-policy';
import { OperatorError } from '../../lib/process/operator-error';

/** An account cannot be issued or reset. */
export class AccountError extends OperatorError {}

export interface IssuedAccount {
  login: string;
  password: string;
}

export interface AccountOptions {
  /** Makes it an e-mail login of the my page. */
  email?: string;
  /** Digits; where verification codes go. */
  contactNumber?: string;
  /** A fixed password for demonstrations; random if left out. */
  password?: string;
  /** Runs before the login is saved. If it fails nothing is issued, and a kill in between loses no password. */
  beforeSaving?: (account: IssuedAccount) => Promise<void>;
}

/**
 * Gives a contract its first login and password: the contract code as Self ID, or an e-mail address for the whole
 * account of its customer number.
 *
 * @throws AccountError
 */
export async function issueAccount(
  contractCode: string,
  { email, contactNumber, password, beforeSaving }: AccountOptions = {},
): Promise<IssuedAccount> {
  const contract = await findContractByCode(contractCode);
  if (!contract) throw new AccountError(`There is no contract ${contractCode}`);
  await checkArea(contract, email);
  const area: Area = email === undefined ? 'selfpage' : 'mypage';
  const login = email?.toLowerCase() ?? contract.code;
  const account = { login, password: password ?? generatePassword(area) };
  if (await db('logins').where({ login }).first<object | undefined>())
    throw new AccountError(explainAlreadyIssued(login));
  const password_hash = await hashPassword(account.password);
  await beforeSaving?.(account);
  await db.transaction(async (trx) => {
    const account_id = await saveAccount(trx, contract);
    const contract_id = area === 'selfpage' ? contract.id : null;
    const row = {
      ...{ account_id, contract_id, kind: LOGIN_KINDS[area], login, password_hash },
      contact_number: contactNumber ?? null,
      created_at: now(),
    };
    const created = await trx('logins').insert(row).onConflict('login').ignore().returning('id');
    if (created.length === 0) throw new AccountError(explainAlreadyIssued(login));
  });
  return account;
}

/** @throws AccountError if the contract is shown in the other area */
async function checkArea(contract: Contract, email: string | undefined): Promise<void> {
  const { code, service } = contract;
  if (service === CONTRACT_SERVICES.mypage && email === undefined)
    throw new AccountError(`${code} is an ip050 contract: its login is an e-mail address, give --email`);
  if (email !== undefined && !(await hasMyPage(contract)))
    throw new AccountError(
      `${code} has a self page and its customer no my page: its login is its code, leave --email out`,
    );
}

/** Whether an e-mail login of the contract's customer would show any contract. */
async function hasMyPage({ customer_number }: Contract): Promise<boolean> {
  const service = CONTRACT_SERVICES.mypage;
  return (await db<Contract>('contracts').where({ customer_number, service }).first()) !== undefined;
}

const explainAlreadyIssued = (login: string): string =>
  `${login} has been issued already. For a new password: meisai account reset ${login}`;

/** Creates the account of the contract’s customer number, if there is none. Returns its id. */
export async function saveAccount(trx: Queryable, { customer_number }: Contract): Promise<number> {
  const [saved] = await trx<{ id: number; customer_number: string }>('accounts')
    .insert({ customer_number })
    .onConflict('customer_number')
    .merge({ customer_number })
    .returning('id');
  return saved?.id ?? 0;
}

export interface ListedAccount {
  login: string;
  /** Codes of the contracts that it shows. */
  contracts: string[];
  /** Digits. */
  contact_number: string | null;
  /** Milliseconds. */
  created_at: number;
}

/** All logins with the contracts they show: a Self ID its own, an e-mail login the my page contracts of its customer. */
export async function listAccounts(): Promise<ListedAccount[]> {
  const logins = await db('logins')
    .join('accounts', 'accounts.id', 'logins.account_id')
    .orderBy('logins.login')
    .select<(ListedAccount & { contract_id: number | null; customer_number: string })[]>(
      'logins.login',
      'logins.contract_id',
      'logins.created_at',
      'logins.contact_number',
      'accounts.customer_number',
    );
  const contracts = await db<Contract>('contracts').orderBy('code');
  const codesByKey = new Map<string, string[]>();
  for (const { id, code, service, customer_number } of contracts) {
    codesByKey.set(`contract ${id}`, [code]);
    const key = `customer ${customer_number}`;
    if (service === CONTRACT_SERVICES.mypage) codesByKey.set(key, [...(codesByKey.get(key) ?? []), code]);
  }
  return logins.map(({ login, contract_id, customer_number, contact_number, created_at }) => {
    const key = contract_id === null ? `customer ${customer_number}` : `contract ${contract_id}`;
    return { login, contracts: codesByKey.get(key) ?? [], contact_number, created_at };
  });
}

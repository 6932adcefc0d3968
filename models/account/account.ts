import { now } from '../../lib/values/clock';
import { type Contract, findContractByCode } from '../contract/contract';
import { db, type Queryable } from '../../lib/database/db';
import type { LoginKind } from '../sign-in/login';
import { hashPassword } from '../sign-in/password-hash';
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
  /** A fixed one for demonstrations; a random one is made where none is given. */
  password?: string;
  /** Before the login is saved: if this fails nothing is issued, and who was killed in between has lost no password. */
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
  await checkLoginKind(contract, email);
  const kind: LoginKind = email === undefined ? 'self' : 'email';
  const login = email?.toLowerCase() ?? contract.code;
  const account = { login, password: password ?? generatePassword(kind) };
  if (await db('logins').where({ login }).first<object | undefined>())
    throw new AccountError(explainAlreadyIssued(login));
  const password_hash = await hashPassword(account.password);
  await beforeSaving?.(account);
  await db.transaction(async (trx) => {
    const account_id = await saveAccount(trx, contract, contactNumber);
    const contract_id = kind === 'self' ? contract.id : null;
    const row = { account_id, contract_id, kind, login, password_hash, created_at: now() };
    const created = await trx('logins').insert(row).onConflict('login').ignore().returning('id');
    if (created.length === 0) throw new AccountError(explainAlreadyIssued(login));
  });
  return account;
}

/** @throws AccountError where such a login would be none of its page. */
async function checkLoginKind(contract: Contract, email: string | undefined): Promise<void> {
  const { code, service } = contract;
  if (service === 'ip050' && email === undefined)
    throw new AccountError(`${code} is an ip050 contract: its login is an e-mail address, give --email`);
  if (email !== undefined && !(await hasMyPage(contract)))
    throw new AccountError(
      `${code} has a self page and its customer no my page: its login is its code, leave --email out`,
    );
}

/** Whether an e-mail login of the contract's customer would show anything. */
const hasMyPage = async ({ customer_number }: Contract): Promise<boolean> =>
  (await db<Contract>('contracts').where({ customer_number, service: 'ip050' }).first()) !== undefined;

const explainAlreadyIssued = (login: string): string =>
  `${login} has been issued already. For a new password: meisai account reset ${login}`;

/** The account of the contract’s customer number: a new one, or the one that is there. Returns its id. */
export async function saveAccount(
  trx: Queryable,
  contract: Contract,
  contactNumber?: string,
): Promise<number> {
  const { customer_number } = contract;
  const account = contactNumber === undefined ? {} : { contact_number: contactNumber };
  const [saved] = await trx<{ id: number; customer_number: string; contact_number: string | null }>(
    'accounts',
  )
    .insert({ customer_number, ...account })
    .onConflict('customer_number')
    .merge({ customer_number, ...account })
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

/** All logins with what they show: a Self ID its contract, an e-mail login the my page contracts of its customer. */
export async function listAccounts(): Promise<ListedAccount[]> {
  const logins = await db('logins')
    .join('accounts', 'accounts.id', 'logins.account_id')
    .orderBy('logins.login')
    .select<(ListedAccount & { contract_id: number | null; customer_number: string })[]>(
      'logins.login',
      'logins.contract_id',
      'logins.created_at',
      'accounts.contact_number',
      'accounts.customer_number',
    );
  const contracts = await db<Contract>('contracts').orderBy('code');
  const codesByKey = new Map<string, string[]>();
  for (const { id, code, service, customer_number } of contracts) {
    codesByKey.set(`contract ${id}`, [code]);
    const key = `customer ${customer_number}`;
    if (service === 'ip050') codesByKey.set(key, [...(codesByKey.get(key) ?? []), code]);
  }
  return logins.map(({ login, contract_id, customer_number, contact_number, created_at }) => {
    const key = contract_id === null ? `customer ${customer_number}` : `contract ${contract_id}`;
    return { login, contracts: codesByKey.get(key) ?? [], contact_number, created_at };
  });
}

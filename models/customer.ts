import { db } from './db';

/** Who is signed in on the self page: one Self ID and the one contract that it shows. */
export interface Customer {
  login_id: number;
  login: string;
  account_id: number;
  contract_id: number;
  contract_code: string;
  /** YYYY-MM-DD in Japan */
  start_date: string;
}

/** The customer of a session; undefined where the sessions of that epoch have ended. */
export async function findCustomer(loginId: number, epoch: number): Promise<Customer | undefined> {
  return db('logins')
    .join('contracts', 'contracts.id', 'logins.contract_id')
    .where({ 'logins.id': loginId, 'logins.kind': 'self', 'logins.session_epoch': epoch })
    .first<Customer | undefined>(
      'logins.id as login_id',
      'logins.login',
      'logins.account_id',
      'contracts.id as contract_id',
      'contracts.code as contract_code',
      'contracts.start_date',
    );
}

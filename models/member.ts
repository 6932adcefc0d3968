import { db } from './db';

/** Who is signed in on the my page: an e-mail login, and the account whose contracts it sees. */
export interface Member {
  login_id: number;
  login: string;
  account_id: number;
  customer_number: string;
  /** Digits; null where the operator has none on file. */
  contact_number: string | null;
}

/** The member of a session; undefined where the sessions of that epoch have ended. */
export async function findMember(loginId: number, epoch: number): Promise<Member | undefined> {
  return db('logins')
    .join('accounts', 'accounts.id', 'logins.account_id')
    .where({ 'logins.id': loginId, 'logins.kind': 'email', 'logins.session_epoch': epoch })
    .first<Member | undefined>(
      'logins.id as login_id',
      'logins.login',
      'accounts.id as account_id',
      'accounts.customer_number',
      'accounts.contact_number',
    );
}

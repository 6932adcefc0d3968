import { db, queryRows } from '../../lib/database/db';
import { SESSION_IS_VALID_SQL, type SessionCheck, sessionCheckBindings } from './session-check';

/** Who is signed in on the my page: an e-mail login, and the account whose contracts it sees. */
export interface MyPageUser {
  login_id: number;
  login: string;
  account_id: number;
  customer_number: string;
  /** Digits; null where the operator has none on file. */
  contact_number: string | null;
}

const MY_PAGE_USER_SQL = `
  SELECT l.id AS login_id, l.login, a.id AS account_id, a.customer_number, a.contact_number
  FROM logins l JOIN accounts a ON a.id = l.account_id
  WHERE l.id = ? AND l.kind = 'email' AND ${SESSION_IS_VALID_SQL}`;

/** The member of a session; undefined where it has ended. */
export async function findMyPageUser(
  loginId: number,
  session: SessionCheck,
): Promise<MyPageUser | undefined> {
  const [user] = await queryRows<MyPageUser>(db, MY_PAGE_USER_SQL, [
    loginId,
    ...sessionCheckBindings(session),
  ]);
  return user;
}

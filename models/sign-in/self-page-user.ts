import { db, queryRows } from '../../lib/database/db';
import { SESSION_IS_VALID_SQL, type SessionCheck, sessionCheckBindings } from './session-check';

/** Who is signed in on the self page: one Self ID and the one contract that it shows. */
export interface SelfPageUser {
  login_id: number;
  login: string;
  account_id: number;
  contract_id: number;
  contract_code: string;
  /** YYYY-MM-DD in Japan */
  start_date: string;
}

const SELF_PAGE_USER_SQL = `
  SELECT l.id AS login_id, l.login, l.account_id, c.id AS contract_id, c.code AS contract_code, c.start_date
  FROM logins l JOIN contracts c ON c.id = l.contract_id
  WHERE l.id = ? AND l.kind = 'self' AND ${SESSION_IS_VALID_SQL}`;

/** The customer of a session; undefined where it has ended. */
export async function findSelfPageUser(
  loginId: number,
  session: SessionCheck,
): Promise<SelfPageUser | undefined> {
  const [user] = await queryRows<SelfPageUser>(db, SELF_PAGE_USER_SQL, [
    loginId,
    ...sessionCheckBindings(session),
  ]);
  return user;
}

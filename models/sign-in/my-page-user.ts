import { db, rawRows } from '../../lib/database/db';
import { IS_GOOD_SESSION, type SessionMark, valuesOf } from './session-check';

/** Who is signed in on the my page: an e-mail login, and the account whose contracts it sees. */
export interface Member {
  login_id: number;
  login: string;
  account_id: number;
  customer_number: string;
  /** Digits; null where the operator has none on file. */
  contact_number: string | null;
}

const MEMBER = `
  SELECT l.id AS login_id, l.login, a.id AS account_id, a.customer_number, a.contact_number
  FROM logins l JOIN accounts a ON a.id = l.account_id
  WHERE l.id = ? AND l.kind = 'email' AND ${IS_GOOD_SESSION}`;

/** The member of a session; undefined where it has ended. */
export async function findMember(loginId: number, session: SessionMark): Promise<Member | undefined> {
  const [member] = await rawRows<Member>(db, MEMBER, [loginId, ...valuesOf(session)]);
  return member;
}

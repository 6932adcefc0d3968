import { db, queryRows } from '../../lib/database/db';
import { type Area, LOGIN_KINDS } from './area';

/** A user of the self page: one Self ID and the one contract that it shows. */
export interface SelfPageUser {
  login_id: number;
  login: string;
  account_id: number;
  contract_id: number;
  contract_code: string;
  /** YYYY-MM-DD in Japan */
  start_date: string;
}

/** A user of the my page: an e-mail login, and the account whose contracts it sees. */
export interface MyPageUser {
  login_id: number;
  login: string;
  account_id: number;
  customer_number: string;
  /** Digits; null where the operator has none on file, so that the login has no second factor. */
  contact_number: string | null;
}

export interface Users {
  selfpage: SelfPageUser;
  mypage: MyPageUser;
}

/** The part of a session that the database compares with the login, to tell whether the session has ended. */
export interface SessionCheck {
  /** `logins.session_epoch` when the session began, or when it last changed the password. */
  epoch: number;
  /** The id of a password change that this session has asked for and not yet seen finished. */
  pendingChangeId?: string;
  /** The trusted device that verified this session in place of a code. */
  deviceId?: number;
}

/**
 * A condition on a row `l` of logins. A new password ends all sessions except the one that changed it. Another request
 * of that session, such as a second click on the same button, may arrive before the session has stored the new epoch. A
 * stolen device ends the sessions that it verified.
 */
const SESSION_IS_VALID_SQL = `(l.session_epoch = ? OR l.last_change_id = ?)
  AND NOT EXISTS (SELECT 1 FROM trusted_devices d WHERE d.id = ? AND d.stolen_at IS NOT NULL)`;

const USER_SQL: Record<Area, string> = {
  selfpage: `
  SELECT l.id AS login_id, l.login, l.account_id, c.id AS contract_id, c.code AS contract_code, c.start_date
  FROM logins l JOIN contracts c ON c.id = l.contract_id
  WHERE l.id = ? AND l.kind = '${LOGIN_KINDS.selfpage}' AND ${SESSION_IS_VALID_SQL}`,
  mypage: `
  SELECT l.id AS login_id, l.login, a.id AS account_id, a.customer_number, l.contact_number
  FROM logins l JOIN accounts a ON a.id = l.account_id
  WHERE l.id = ? AND l.kind = '${LOGIN_KINDS.mypage}' AND ${SESSION_IS_VALID_SQL}`,
};

/** The user of a session in an area; undefined if the session has ended. */
export async function findUser<A extends Area>(
  area: A,
  loginId: number,
  { epoch, pendingChangeId = '', deviceId = 0 }: SessionCheck,
): Promise<Users[A] | undefined> {
  const [user] = await queryRows<Users[A]>(db, USER_SQL[area], [loginId, epoch, pendingChangeId, deviceId]);
  return user;
}

import { db, rawRows } from '../../lib/database/db';
import { IS_GOOD_SESSION, type SessionMark, valuesOf } from './session-check';

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

const CUSTOMER = `
  SELECT l.id AS login_id, l.login, l.account_id, c.id AS contract_id, c.code AS contract_code, c.start_date
  FROM logins l JOIN contracts c ON c.id = l.contract_id
  WHERE l.id = ? AND l.kind = 'self' AND ${IS_GOOD_SESSION}`;

/** The customer of a session; undefined where it has ended. */
export async function findCustomer(loginId: number, session: SessionMark): Promise<Customer | undefined> {
  const [customer] = await rawRows<Customer>(db, CUSTOMER, [loginId, ...valuesOf(session)]);
  return customer;
}

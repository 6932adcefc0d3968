import { db } from '../../lib/database/db';

/** A login that was tried: when (milliseconds), from where, by what, and what came of it. */
export interface LoginTry {
  at: number;
  event: 'login' | 'login_failed' | 'login_locked';
  address: string;
  user_agent: string;
}

/** Names are typed in any case. */
const triesOf = (login: string) =>
  db<LoginTry>('audit_events').whereRaw('lower(login) = ?', login.toLowerCase()).orderBy('id', 'desc');

/** The newest first. */
export const listLoginTries = (login: string, most: number): Promise<LoginTry[]> =>
  triesOf(login)
    .whereIn('event', ['login', 'login_failed', 'login_locked'])
    .limit(most)
    .select('at', 'event', 'address', 'user_agent');

/** The login before the one at this time. */
export const loginBefore = (login: string, at: number): Promise<LoginTry | undefined> =>
  triesOf(login).where({ event: 'login' }).where('at', '<', at).first('at', 'event', 'address', 'user_agent');

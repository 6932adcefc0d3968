import { db } from '../../lib/database/db';

/** A login that was tried: when (milliseconds), from where, by what, and what came of it. */
export interface LoginAttempt {
  at: number;
  event: 'login' | 'login_failed' | 'login_locked';
  address: string;
  user_agent: string;
}

/** Names are typed in any case. */
const selectLoginEvents = (login: string) =>
  db<LoginAttempt>('audit_events').whereRaw('lower(login) = ?', login.toLowerCase()).orderBy('id', 'desc');

/** The newest first. */
export const listLoginAttempts = (login: string, limit: number): Promise<LoginAttempt[]> =>
  selectLoginEvents(login)
    .whereIn('event', ['login', 'login_failed', 'login_locked'])
    .limit(limit)
    .select('at', 'event', 'address', 'user_agent');

/** The login before the one at this time. */
export const findPreviousLogin = (login: string, at: number): Promise<LoginAttempt | undefined> =>
  selectLoginEvents(login)
    .where({ event: 'login' })
    .where('at', '<', at)
    .first('at', 'event', 'address', 'user_agent');

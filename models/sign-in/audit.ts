import { now } from '../../lib/values/clock';
import { db, type Queryable } from '../../lib/database/db';

/** An event of a login. What changes something writes its event in the same transaction. */
export interface AuditEvent {
  event:
    | 'login'
    | 'login_failed'
    | 'login_locked'
    | 'browsers_shut_out'
    | 'client_locked'
    | 'logout'
    | 'password_change'
    | 'file_request'
    | 'download'
    | 'contact_wrong'
    | 'contact_locked'
    | 'contact_unlocked'
    | 'code_request'
    | 'code_refused'
    | 'code_wrong'
    | 'verified'
    | 'device_trusted'
    | 'device_used'
    | 'device_revoked'
    | 'device_stolen';
  /** The login as typed or signed in; shortened, since anything can be typed. */
  login: string;
  account_id?: number;
  address: string;
  user_agent: string;
  detail?: object;
}

/** Makes an event of whoever acts, from where they act. */
export type DescribeEvent = (event: AuditEvent['event'], detail?: object) => AuditEvent;

const MAX_TEXT_LENGTH = 200;

/** Writes an event; `on` may be the transaction of the change that it tells of. */
export async function writeAuditEvent(event: AuditEvent, on: Queryable = db): Promise<void> {
  await on('audit_events').insert({
    ...event,
    at: now(),
    login: event.login.slice(0, MAX_TEXT_LENGTH),
    user_agent: event.user_agent.slice(0, MAX_TEXT_LENGTH),
    detail: JSON.stringify(event.detail ?? {}),
  });
}

/** What happened to a login since a time (milliseconds), the newest first. */
export const listEventsSince = (
  login: string,
  events: AuditEvent['event'][],
  since: number,
): Promise<{ at: number; event: AuditEvent['event']; address: string }[]> =>
  db<{ at: number; event: AuditEvent['event']; address: string }>('audit_events')
    .whereRaw('lower(login) = ?', login.toLowerCase())
    .whereIn('event', events)
    .where('at', '>', since)
    .orderBy('id', 'desc')
    .select('at', 'event', 'address');

/** The last time (milliseconds) that an event happened to a login. */
export async function findLastEventTime(
  login: string,
  event: AuditEvent['event'],
): Promise<number | undefined> {
  const last = await db('audit_events')
    .whereRaw('lower(login) = ?', login.toLowerCase())
    .where({ event })
    .orderBy('id', 'desc')
    .first<{ at: number } | undefined>('at');
  return last?.at;
}

/** An entry as the operator reads it; `at` in milliseconds. */
export interface LoggedEvent {
  at: number;
  event: string;
  login: string;
  account_id: number | null;
  address: string;
  user_agent: string;
  detail: Record<string, unknown>;
}

/** The newest events, newest first; only those of one login (in any case) if one is named. */
export async function listAuditEvents(limit: number, login?: string): Promise<LoggedEvent[]> {
  const events = db('audit_events').orderBy('id', 'desc').limit(limit);
  if (login !== undefined) void events.whereRaw('lower(login) = ?', login.toLowerCase());
  const rows = await events.select<(Omit<LoggedEvent, 'detail'> & { detail: string })[]>(
    'at',
    'event',
    'login',
    'account_id',
    'address',
    'user_agent',
    'detail',
  );
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
}

/** An attempt to log in, or the lock that it began: when (milliseconds), from where, with which browser. */
export interface LoginAttempt {
  at: number;
  event: 'login' | 'login_failed' | 'login_locked' | 'browsers_shut_out';
  address: string;
  user_agent: string;
  /** Tries that were refused since the event before, because the login was locked. */
  refused: number;
}

/** Names are typed in any case. */
const selectLoginEvents = (login: string) =>
  db<StoredAttempt>('audit_events').whereRaw('lower(login) = ?', login.toLowerCase()).orderBy('id', 'desc');

interface StoredAttempt extends Omit<LoginAttempt, 'refused'> {
  /** JSON */
  detail: string;
}

const toLoginAttempt = ({ detail, ...attempt }: StoredAttempt): LoginAttempt => ({
  ...attempt,
  refused: (JSON.parse(detail) as { refused?: number }).refused ?? 0,
});

const FAILURES: LoginAttempt['event'][] = ['login_failed', 'login_locked', 'browsers_shut_out'];

/** The newest logins and the newest failures, apart: however many failures there are, they push no login off the list. */
export async function listLoginAttempts(
  login: string,
  limit: number,
): Promise<{ logins: LoginAttempt[]; failures: LoginAttempt[] }> {
  const list = (events: LoginAttempt['event'][]) =>
    selectLoginEvents(login)
      .whereIn('event', events)
      .limit(limit)
      .select('at', 'event', 'address', 'user_agent', 'detail');
  const [logins, failures] = await Promise.all([list(['login']), list(FAILURES)]);
  return { logins: logins.map(toLoginAttempt), failures: failures.map(toLoginAttempt) };
}

/** The last successful login before a time (milliseconds). */
export const findPreviousLogin = (
  login: string,
  at: number,
): Promise<Pick<LoginAttempt, 'at' | 'address'> | undefined> =>
  selectLoginEvents(login).where({ event: 'login' }).where('at', '<', at).first('at', 'address');

import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';

/** What happened, to whom, from where. Written in the same request, before its answer. */
export interface AuditEvent {
  event:
    | 'login'
    | 'login_failed'
    | 'login_locked'
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
    | 'device_revoked';
  /** The login as typed or signed in; shortened, since anything can be typed. */
  login: string;
  account_id?: number;
  address: string;
  user_agent: string;
  detail?: object;
}

const MAX_TEXT_LENGTH = 200;

export async function writeAuditEvent(event: AuditEvent): Promise<void> {
  await db('audit_events').insert({
    ...event,
    at: now(),
    login: event.login.slice(0, MAX_TEXT_LENGTH),
    user_agent: event.user_agent.slice(0, MAX_TEXT_LENGTH),
    detail: JSON.stringify(event.detail ?? {}),
  });
}

/** When an event happened to an account last; milliseconds. */
export async function findLastEventTime(
  accountId: number,
  event: AuditEvent['event'],
): Promise<number | undefined> {
  const last = await db('audit_events')
    .where({ account_id: accountId, event })
    .orderBy('id', 'desc')
    .first<{ at: number } | undefined>('at');
  return last?.at;
}

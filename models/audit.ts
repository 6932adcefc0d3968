import { now } from './clock';
import { db } from './db';

/** What happened, to whom, from where. Written in the same request, before its answer. */
export interface AuditEvent {
  event:
    'login' | 'login_failed' | 'login_locked' | 'logout' | 'password_change' | 'file_request' | 'download';
  /** The login as typed or signed in; shortened, since anything can be typed. */
  login: string;
  account_id?: number;
  address: string;
  user_agent: string;
  detail?: object;
}

const MOST_TEXT = 200;

export async function writeAuditEvent(event: AuditEvent): Promise<void> {
  await db('audit_events').insert({
    ...event,
    at: now(),
    login: event.login.slice(0, MOST_TEXT),
    user_agent: event.user_agent.slice(0, MOST_TEXT),
    detail: JSON.stringify(event.detail ?? {}),
  });
}

import { db } from '../../lib/database/db';

/** What the operator reads of the audit log; `at` in milliseconds. */
export interface LoggedEvent {
  at: number;
  event: string;
  login: string;
  account_id: number | null;
  address: string;
  user_agent: string;
  detail: Record<string, unknown>;
}

/** The newest events, the newest first; of one login where one is named, in any case. */
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

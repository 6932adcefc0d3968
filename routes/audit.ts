import type { Request } from 'express';
import { type AuditEvent, writeAuditEvent } from '../models/audit';

/** Writes an event of the visitor who is signed in, or of the login that was typed. */
export async function recordEvent(
  req: Request,
  event: AuditEvent['event'],
  detail?: object,
  typedLogin = '',
): Promise<void> {
  const { login } = req.session;
  await writeAuditEvent({
    event,
    login: login?.name ?? typedLogin,
    ...(login && { account_id: login.account_id }),
    address: req.ip ?? '',
    user_agent: req.get('user-agent') ?? '',
    ...(detail && { detail }),
  });
}

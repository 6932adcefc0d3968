import type { Request } from 'express';
import { type AuditEvent, writeAuditEvent } from '../models/sign-in/audit-event';
import { areaForRequest } from './areas';

/** Writes an event of the login whose page this is, or of the name that was typed. */
export async function recordEvent(
  req: Request,
  event: AuditEvent['event'],
  detail?: object,
  typedLogin = '',
): Promise<void> {
  const login = req.session.logins?.[areaForRequest(req)];
  await writeAuditEvent({
    event,
    login: login?.name ?? typedLogin,
    ...(login && { account_id: login.account_id }),
    address: getClientAddress(req),
    user_agent: req.get('user-agent') ?? '',
    ...(detail && { detail }),
  });
}

/** As customers know it: a server that listens by IPv6 has ::ffff: before an address of IPv4. */
const getClientAddress = (req: Request): string => (req.ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '');

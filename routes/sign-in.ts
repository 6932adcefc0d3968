import type { Request, Response } from 'express';
import { hadSession, renewSession } from './session';

/** Where the login of a page is. */
export const LOGIN_OF = { self: '/', email: '/mypage/login' } as const;

/** Leads to the login, and after it back to the page that was asked for. */
export async function askToSignIn(req: Request, res: Response): Promise<void> {
  const hasExpired = hadSession(req);
  await renewSession(req);
  req.session.has_expired = hasExpired;
  req.session.return_to = req.method === 'GET' ? req.originalUrl : pathOfReferrer(req);
  res.redirect(303, req.originalUrl.startsWith('/mypage') ? LOGIN_OF.email : LOGIN_OF.self);
}

/** The page whose form was sent, by the browser's word; only its path, and only of this portal. */
function pathOfReferrer(req: Request): string {
  const referrer = req.get('referer') ?? '';
  if (!URL.canParse(referrer)) return '';
  const { host, pathname } = new URL(referrer);
  return host === req.get('host') ? pathname : '';
}

/** Where to go after logging in: the page that was asked for, if it is one of this part of the portal. */
export function returnPath(req: Request, area: '/selfpage/' | '/mypage/', otherwise: string): string {
  const asked = req.session.return_to ?? '';
  return asked.startsWith(area) && !asked.startsWith(`${area}login`) ? asked : otherwise;
}

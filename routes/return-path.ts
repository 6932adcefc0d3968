import type { Request } from 'express';
import type { Area } from '../models/sign-in/area';
import { AREAS } from './areas';

declare module 'express-session' {
  interface SessionData {
    /** The address to go to after login. */
    return_to: string;
  }
}

/** Remembers the page that was asked for, or the one whose form was sent. */
export function rememberReturnPath(req: Request): void {
  req.session.return_to = req.method === 'GET' ? req.originalUrl : getReferrerPath(req);
}

/** The page whose form was sent, according to the browser: only its path, and only if it is on this host. */
function getReferrerPath(req: Request): string {
  const referrer = req.get('referer') ?? '';
  if (!URL.canParse(referrer)) return '';
  const { host, pathname } = new URL(referrer);
  return host === req.get('host') ? pathname : '';
}

/** The address to go to after login: the remembered page if it belongs to this area, else the area's home. */
export function getReturnPath(req: Request, area: Area): string {
  const asked = req.session.return_to ?? '';
  const { prefix, home } = AREAS[area];
  const [path = ''] = asked.toLowerCase().split('?');
  return path.startsWith(prefix) && path !== `${prefix}login` ? asked : home;
}

import type { Request, RequestHandler, Response } from 'express';
import type { LoginKind } from '../models/sign-in/login';
import { endLogin, loginHasEnded } from './middleware/session';

/** The two pages of the portal: where each begins, its login, where a customer arrives, its menu. */
export const AREAS = {
  self: {
    name: 'セルフページ',
    prefix: '/selfpage/',
    login: '/',
    home: '/selfpage/contract',
    menu: [
      { name: 'contract', words: 'ご契約内容の確認', href: '/selfpage/contract' },
      { name: 'password', words: 'パスワードの変更', href: '/selfpage/password' },
      { name: 'charges', words: 'ご利用料金の確認', href: '/selfpage/charges' },
    ],
  },
  email: {
    name: 'マイページ',
    prefix: '/mypage/',
    login: '/mypage/login',
    home: '/mypage',
    menu: [
      { name: 'usage', words: '料金・ご利用明細', href: '/mypage/usage' },
      { name: 'password', words: 'パスワードの変更', href: '/mypage/password' },
      { name: 'devices', words: '確認済みの端末', href: '/mypage/devices' },
    ],
  },
} as const;

/** Which page an address belongs to. A telephone may have begun it with a capital letter, as the routes allow. */
export const areaForRequest = (req: Request): LoginKind =>
  /^\/mypage(\/|$|\?)/i.test(req.originalUrl) ? 'email' : 'self';

/** The views' `area`: whose name, menu and logout a page shows. */
export const exposeArea: RequestHandler = (req, res, next) => {
  res.locals.area = AREAS[areaForRequest(req)];
  next();
};

/** Leads to the login, and after it back to the page that was asked for. */
export async function redirectToLogin(req: Request, res: Response): Promise<void> {
  const kind = areaForRequest(req);
  const hasExpired = loginHasEnded(req, kind);
  await endLogin(req, kind);
  req.session.has_expired = hasExpired;
  req.session.return_to = req.method === 'GET' ? req.originalUrl : getReferrerPath(req);
  res.redirect(303, AREAS[kind].login);
}

/** The page whose form was sent, by the browser's word; only its path, and only of this portal. */
function getReferrerPath(req: Request): string {
  const referrer = req.get('referer') ?? '';
  if (!URL.canParse(referrer)) return '';
  const { host, pathname } = new URL(referrer);
  return host === req.get('host') ? pathname : '';
}

/** Where to go after logging in: the page that was asked for, if it is one of this part of the portal. */
export function getReturnPath(req: Request, kind: LoginKind): string {
  const asked = req.session.return_to ?? '';
  const { prefix, home } = AREAS[kind];
  const [path = ''] = asked.toLowerCase().split('?');
  return path.startsWith(prefix) && path !== `${prefix}login` ? asked : home;
}

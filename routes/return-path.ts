import type { Request } from 'express';
import type { Area } from '../models/sign-in/area';
import { AREAS } from './areas';

const MAX_LENGTH = 200;

/** The beginnings of the pages that may be asked for before signing in. */
const PAGES: Record<Area, RegExp> = {
  selfpage: /^\/selfpage\/(contract|password|charges|calls|telegrams|detail-files)(\/[\w-]+)*\/?$/i,
  mypage: /^\/mypage(\/(password|devices|logins|verification|bills|usage|detail-files)(\/[\w-]+)*)?\/?$/i,
};

const QUERY = /^[\w=&%.-]*$/;

/** The address if it is a page of ours, without a query that no page has; empty for anything else. */
function checkPath(address: string): string {
  const [path = '', query = ''] = address.split('?');
  if (path.length > MAX_LENGTH || !Object.values(PAGES).some((pages) => pages.test(path))) return '';
  return address.length <= MAX_LENGTH && QUERY.test(query) ? address : path;
}

/** Remembers the page that was asked for, or the one whose form was sent. */
export function rememberReturnPath(req: Request): void {
  req.visit.return_to = checkPath(req.method === 'GET' ? req.originalUrl : getReferrerPath(req));
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
  const asked = req.visit.return_to ?? '';
  const [path = ''] = asked.split('?');
  return PAGES[area].test(path) ? asked : AREAS[area].home;
}

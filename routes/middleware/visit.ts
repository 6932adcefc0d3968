import type { Request, RequestHandler, Response } from 'express';
import type { Session, SessionData } from 'express-session';
import { z } from 'zod';
import type { EndReason } from '../../lib/redis/session-index';
import { clearCookie, readCookie, readSignedCookie, setSignedCookie } from './cookies';
import { saveSession } from './session';

const COOKIE = 'meisai_visit';

/** What every visitor needs from one page to the next. */
export interface Visit {
  /** Written by csurf. */
  csrfSecret?: string;
  /** The page to go to after login, or after the second factor. */
  return_to?: string;
  /** Why the session ended because of which the login page was reached. */
  way_of_ending?: EndReason | 'expired';
}

declare module 'express-session' {
  interface SessionData {
    csrfSecret: string;
    return_to: string;
    way_of_ending: EndReason | 'expired';
  }
}

declare module 'express-serve-static-core' {
  interface Request {
    /** The session of somebody who is signed in; before that a cookie of ours, so that Redis keeps nothing of it. */
    readonly visit: Visit;
  }
}

const visitCookie = z.object({
  csrfSecret: z.string().optional(),
  return_to: z.string().optional(),
  way_of_ending: z.enum(['logout', 'password', 'reset', 'expired']).optional(),
});

/** The session, which is gone from the request once it has been ended. */
const getSession = (req: Request): (Session & Partial<SessionData>) | undefined => req.session;

/** Whether the session has a login, active or not: only such sessions are stored. */
const hasLogin = (req: Request): boolean => Object.keys(getSession(req)?.logins ?? {}).length > 0;

/** Gives requests their `visit`. */
export const visits: RequestHandler = (req, _res, next) => {
  const kept: Visit = visitCookie.safeParse(readSignedCookie(req, COOKIE)).data ?? {};
  Object.defineProperty(req, 'visit', { get: () => (hasLogin(req) ? req.session : kept) });
  next();
};

/** Keeps the visit for the next page: a form whose token could not be kept must not be shown. */
export async function saveVisit(req: Request, res: Response): Promise<void> {
  if (hasLogin(req)) await saveSession(req);
  else setSignedCookie(res, COOKIE, req.visit);
}

/** Ends the visit of somebody who has signed in. */
export const endVisit = (res: Response): void => clearCookie(res, COOKIE);

/** Whether the browser keeps cookies: one that has seen a form has a visit. */
export const hasVisitCookie = (req: Request): boolean => readCookie(req, COOKIE) !== undefined;

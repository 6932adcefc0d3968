import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { type EndReason, isSessionIndexed } from '../lib/redis/session-index';
import type { Area } from '../models/sign-in/area';
import { now } from '../lib/values/clock';
import { findSessionEnding } from '../models/sign-in/login';
import { findUser, type Users } from '../models/sign-in/user';
import { AREAS } from './areas';
import { isCsrfError } from './middleware/csrf';
import { saveVisit } from './middleware/visit';
import { rememberReturnPath } from './return-path';
import {
  endLogin,
  findWayOfEnding,
  getActiveLogin,
  getStoredLogin,
  passwordWasReplaced,
  sessionCheck,
} from './sign-in';

declare module 'express-serve-static-core' {
  interface Request {
    /** The user who is signed in, under the area of the request. */
    users?: Partial<Users>;
  }
}

/** Guards an area, and gives views its `user`: anybody else is redirected to the login page. */
export const requireLogin =
  (area: Area): RequestHandler =>
  async (req, res, next) => {
    const found = await findSignedInUser(req, area);
    if (!found.user) {
      await redirectToLogin(req, res, found.reason);
      return;
    }
    const { user } = found;
    req.users = { [area]: user };
    Object.assign(res.locals, { user, isSignedIn: true });
    next();
  };

type FoundUser<A extends Area> =
  { user: Users[A]; reason?: undefined } | { user?: undefined; reason?: EndReason };

/** The user whom both the register of sessions and the database still know, or why the session has ended. */
async function findSignedInUser<A extends Area>(req: Request, area: A): Promise<FoundUser<A>> {
  const login = getActiveLogin(req, area);
  if (!login) return passwordWasReplaced(getStoredLogin(req, area)) ? { reason: 'password' } : {};
  const [isIndexed, user] = await Promise.all([
    isSessionIndexed(login.id, req.sessionID),
    findUser(area, login.id, sessionCheck(req, area, login)),
  ]);
  if (!user) return { reason: await findSessionEnding(login) };
  return isIndexed ? { user } : {};
}

/** The user who is signed in; the area, which a guard has checked, gives the type. */
export function currentUser<A extends Area>(req: Request, area: A): Users[A] {
  const user = req.users?.[area];
  if (!user) throw new Error(`Nobody is signed in on the ${area}`);
  return user;
}

/** Guards what needs the second factor, which holds for the session. */
export const requireVerified: RequestHandler = (req, res, next) => {
  if (getActiveLogin(req, 'mypage')?.verified_at !== undefined) {
    next();
    return;
  }
  if (req.method === 'GET') rememberReturnPath(req);
  res.redirect(303, '/mypage/verification');
};

const MAX_CODE_AGE_MS = 10 * 60_000;

/** Whether this session was verified by a code in the last 10 minutes. */
export const hasRecentCode = (req: Request): boolean =>
  now() - (getActiveLogin(req, 'mypage')?.code_at ?? 0) <= MAX_CODE_AGE_MS;

/**
 * Guards what needs a code of the last 10 minutes; a trusted device does not stand in for it. A login without a contact
 * number has no factor that could be asked for.
 */
export const requireRecentCode: RequestHandler = (req, res, next) => {
  const login = getActiveLogin(req, 'mypage');
  if (currentUser(req, 'mypage').contact_number === null || hasRecentCode(req)) {
    next();
    return;
  }
  if (login) login.needs_code = true;
  rememberReturnPath(req);
  res.redirect(303, '/mypage/verification');
};

/** Redirects to the login page, and after login back to the page that was asked for. */
async function redirectToLogin(req: Request, res: Response, reason?: EndReason): Promise<void> {
  const way = reason ?? (await findWayOfEnding(req, req.area));
  await endLogin(req, req.area, reason);
  req.visit.way_of_ending = way;
  rememberReturnPath(req);
  await saveVisit(req, res);
  res.redirect(303, AREAS[req.area].login);
}

/**
 * Redirects a form to the login page if its session has ended, as requireLogin does with any other request. Within a
 * session the form's token was wrong: the error page is shown with the menu.
 */
export const handleExpiredForm: ErrorRequestHandler = async (error: unknown, req, res, next) => {
  if (!isCsrfError(error) || req.path.endsWith('/login')) {
    next(error);
    return;
  }
  res.locals.isSignedIn = getActiveLogin(req, req.area) !== undefined;
  // A second click on "log out" arrives without a session: just show the login page.
  const shouldLogIn = (await findWayOfEnding(req, req.area)) !== undefined || req.path.endsWith('/logout');
  if (!res.locals.isSignedIn && shouldLogIn) await redirectToLogin(req, res);
  else next(error);
};

import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Area } from '../models/sign-in/area';
import { findUser, type Users } from '../models/sign-in/user';
import { AREAS } from './areas';
import { isCsrfError } from './middleware/csrf';
import { rememberReturnPath } from './return-path';
import { endLogin, getActiveLogin, loginHasEnded, sessionCheck } from './sign-in';

declare module 'express-serve-static-core' {
  interface Request {
    /** The user who is signed in, under the area of the request. */
    users?: Partial<Users>;
  }
}

declare module 'express-session' {
  interface SessionData {
    /** Set if the login page was reached because a session had ended. */
    has_expired: boolean;
  }
}

/** Guards an area, and gives views its `user`: anybody else is redirected to the login page. */
export const requireLogin =
  (area: Area): RequestHandler =>
  async (req, res, next) => {
    const login = getActiveLogin(req, area);
    const user = login && (await findUser(area, login.id, sessionCheck(req, area, login)));
    if (!user) {
      await redirectToLogin(req, res);
      return;
    }
    req.users = { [area]: user };
    Object.assign(res.locals, { user, isSignedIn: true });
    next();
  };

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

/** Redirects to the login page, and after login back to the page that was asked for. */
async function redirectToLogin(req: Request, res: Response): Promise<void> {
  const hasExpired = loginHasEnded(req, req.area);
  await endLogin(req, req.area);
  req.session.has_expired = hasExpired;
  rememberReturnPath(req);
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
  const shouldLogIn = loginHasEnded(req, req.area) || req.path.endsWith('/logout');
  if (!res.locals.isSignedIn && shouldLogIn) await redirectToLogin(req, res);
  else next(error);
};

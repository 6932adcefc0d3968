import csurf from 'csurf';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { errorCode } from '../../lib/process/error-code';
import { loginHasEnded, getActiveLogin } from './session';
import { areaForRequest, redirectToLogin } from '../areas';

/** A token in every form that changes something. Its secret lives in the session, never in a cookie of its own. */
export const csrf = (): RequestHandler => csurf({ value: readToken });

function readToken(req: Request): string {
  const { _csrf } = (req.body ?? {}) as { _csrf?: unknown };
  return typeof _csrf === 'string' ? _csrf : '';
}

/** Whether an error says that a form has no token of its session. */
export const isCsrfError = (error: unknown): boolean => errorCode(error) === 'EBADCSRFTOKEN';

/** The views' csrfToken(): made only where a page has a form, so that other pages need no session. */
export const exposeCsrfToken: RequestHandler = (req, res, next) => {
  res.locals.csrfToken = () => req.csrfToken();
  next();
};

/**
 * A form that was sent after its session had ended leads to the login, like every other page. In a session the page that
 * refuses it has its menu.
 */
export const handleExpiredForm: ErrorRequestHandler = async (error: unknown, req, res, next) => {
  if (!isCsrfError(error) || req.path.endsWith('/login')) {
    next(error);
    return;
  }
  const kind = areaForRequest(req);
  res.locals.isSignedIn = getActiveLogin(req, kind) !== undefined;
  // Whoever has logged out already, by a first click, wanted no more.
  const shouldLogIn = loginHasEnded(req, kind) || req.path.endsWith('/logout');
  if (!res.locals.isSignedIn && shouldLogIn) await redirectToLogin(req, res);
  else next(error);
};

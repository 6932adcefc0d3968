import csurf from 'csurf';
import type { Request, RequestHandler } from 'express';
import { errorCode } from '../../lib/process/error-code';

/**
 * Requires a token in every form that changes something. Its secret is kept by the session, or before sign-in by the signed
 * cookie of the visit, never by a cookie of csurf's.
 */
export const csrf = (): RequestHandler => csurf({ value: readToken, sessionKey: 'visit' });

function readToken(req: Request): string {
  const { _csrf } = (req.body ?? {}) as { _csrf?: unknown };
  return typeof _csrf === 'string' ? _csrf : '';
}

/** Whether an error says that a form lacks the token of its session. */
export const isCsrfError = (error: unknown): boolean => errorCode(error) === 'EBADCSRFTOKEN';

/** Gives views csrfToken(). The token is only made by a page with a form, so other pages need no session. */
export const exposeCsrfToken: RequestHandler = (req, res, next) => {
  res.locals.csrfToken = () => req.csrfToken();
  next();
};

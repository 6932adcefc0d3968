import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { config } from '../../config';
import { SessionStore } from '../../lib/redis/session-store';
import { log } from '../../log';
import { getSessionSecrets } from '../../models/sign-in/session-secret';
import { clearCookie, readCookie } from './cookies';
import { toLoggedRequest } from './request-log';

const COOKIE = 'meisai';

/**
 * The session of a request. If Redis refuses to write a session after its page was sent, that error is only logged: passed on, it would cut
 * the connection of a page that is complete.
 */
export function sessions(): RequestHandler {
  const handle = session({
    name: COOKIE,
    secret: getSessionSecrets(),
    store: new SessionStore(),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.isSecure, path: '/' },
  });
  return (req, res, next) =>
    handle(req, res, (error?: unknown) => {
      if (error && res.writableEnded)
        log.error({ err: error, req: toLoggedRequest(req) }, 'the session could not be written');
      else next(error);
    });
}

const readSessionCookie = (req: Request): string | undefined => readCookie(req, COOKIE);

export const hasSessionCookie = (req: Request): boolean => readSessionCookie(req) !== undefined;

/** The id of the session that the cookie names, if it is signed by us and Redis no longer has that session. */
export function getStaleSessionId(req: Request): string | undefined {
  // express-session writes s:ID.SIGNATURE
  const [, id = '', signature = ''] = /^s%3A([\w-]+)\.(.*)$/i.exec(readSessionCookie(req) ?? '') ?? [];
  const isStale = id !== '' && id !== req.sessionID && isSignature(id, signature);
  return isStale ? id : undefined;
}

function isSignature(id: string, encoded: string): boolean {
  const given = Buffer.from(encoded.replace(/%2B/gi, '+').replace(/%2F/gi, '/'), 'base64');
  return getSessionSecrets().some((secret) => {
    const right = createHmac('sha256', secret).update(id).digest();
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

/** Takes the session's cookie away from the browser: it names a session that the customer has ended. */
export const clearSessionCookie = (res: Response): void => clearCookie(res, COOKIE);

/** Lets an ended session go, so that the request neither writes it again nor begins another. */
export function dropSession(req: Request): void {
  Reflect.deleteProperty(req, 'session');
}

/** Begins an empty session under a new id. */
export const renewSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) =>
    req.session.regenerate((error?: Error) => (error ? reject(error) : resolve())),
  );

/** Saves the session before the page is sent. */
export const saveSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) => req.session.save((error?: Error) => (error ? reject(error) : resolve())));

import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { config } from '../../config';
import { getRedis } from '../../lib/redis/redis';
import { SESSION_LIFETIME_SECONDS, SESSION_PREFIX } from '../../lib/redis/session-index';
import { log } from '../../log';
import { getSessionSecrets } from '../../models/sign-in/session-secret';
import { toLoggedRequest } from './request-log';

const COOKIE = 'meisai';

/**
 * Sessions live in Redis for 12 hours, longer than a login in them is valid, so that an expired login can be told from
 * none. If Redis refuses to write a session after its page was sent, that error is only logged: passed on, it would cut
 * the connection of a page that is complete.
 */
export function sessions(): RequestHandler {
  const handle = session({
    name: COOKIE,
    secret: getSessionSecrets(),
    store: createSessionStore(),
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

/**
 * The store without `touch`, which would ask Redis once more at each request and delay the end of each page until it
 * answers. A session in use is written once a minute because of its `seen_at`, and that renews its lifetime too.
 */
function createSessionStore(): RedisStore {
  const store = new RedisStore({ client: getRedis(), prefix: SESSION_PREFIX, ttl: SESSION_LIFETIME_SECONDS });
  return Object.assign(store, { touch: undefined });
}

const readSessionCookie = (req: Request): string | undefined =>
  new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1];

/** Whether the browser keeps cookies: one that has seen a form has a session. */
export const hasSessionCookie = (req: Request): boolean => readSessionCookie(req) !== undefined;

/** Whether the cookie names another session than the request's, because Redis no longer has it. */
export function sessionCookieIsStale(req: Request): boolean {
  const cookie = readSessionCookie(req);
  // express-session writes s:ID.SIGNATURE
  return cookie !== undefined && !cookie.startsWith(encodeURIComponent(`s:${req.sessionID}.`));
}

/** Begins an empty session under a new id. */
export const renewSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) =>
    req.session.regenerate((error?: Error) => (error ? reject(error) : resolve())),
  );

/** Saves the session before the page is sent: a form whose token could not be stored must not be shown. */
export const saveSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) => req.session.save((error?: Error) => (error ? reject(error) : resolve())));

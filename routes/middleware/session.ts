import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { config } from '../../config';
import { log } from '../../log';
import { now } from '../../lib/values/clock';
import type { Login, LoginKind } from '../../models/sign-in/login';
import { getRedis } from '../../lib/redis/redis';
import {
  endSessions,
  unindexSession,
  indexSession,
  SESSION_PREFIX,
} from '../../models/sign-in/session-index';
import { getSessionSecrets } from '../../models/sign-in/session-secret';
import { toLoggedRequest } from './request-log';
import type { WizardState } from '../wizard';

/** What a session keeps of a login. Times in milliseconds. */
export interface SessionLogin {
  id: number;
  account_id: number;
  name: string;
  epoch: number;
  signed_in_at: number;
  /** When the second factor was given; it holds for the session. */
  verified_at?: number;
}

declare module 'express-session' {
  interface SessionData {
    /** By Self ID, by e-mail address, or by both of one account: each page has its own login. */
    logins: Partial<Record<LoginKind, SessionLogin>>;
    /** Of the last request, to the minute. */
    seen_at: number;
    /** Where to go after logging in. */
    return_to: string;
    /** Set where the login page was reached because a session had ended. */
    has_expired: boolean;
    wizards: Record<string, WizardState | undefined>;
    /** Of csurf. */
    csrfSecret: string;
  }
}

const MINUTE_MS = 60_000;
const MAX_IDLE_MS = 30 * MINUTE_MS;
const MAX_AGE_MS = 12 * 60 * MINUTE_MS;
const COOKIE = 'meisai';

/**
 * Sessions live in Redis for 12 hours, longer than they are good for: so an ended one can be told from none. Where Redis
 * refuses to write one after its page, the page is whole all the same; passed on, that error would cut the connection.
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
 * Without `touch`, which asks Redis once more at every request and holds the end of each page back until it answers:
 * `seen_at` has a session in use written anew once a minute, which lengthens its life as well.
 */
function createSessionStore(): RedisStore {
  const store = new RedisStore({ client: getRedis(), prefix: SESSION_PREFIX, ttl: MAX_AGE_MS / 1000 });
  return Object.assign(store, { touch: undefined });
}

/** The login of a page, if the session is still good: 30 idle minutes, 12 hours at most. */
export function getActiveLogin(req: Request, kind: LoginKind): SessionLogin | undefined {
  const login = req.session.logins?.[kind];
  const seen_at = req.session.seen_at ?? 0;
  if (!login || now() - seen_at > MAX_IDLE_MS || now() - login.signed_in_at > MAX_AGE_MS) return undefined;
  if (now() - seen_at > MINUTE_MS) req.session.seen_at = now();
  return login;
}

/** Whether a page's login, of which `signedIn` knows nothing any more, has ended by itself or been put an end to. */
export const loginHasEnded = (req: Request, kind: LoginKind): boolean =>
  req.session.logins?.[kind] !== undefined || sessionCookieIsStale(req);

const readSessionCookie = (req: Request): string | undefined =>
  new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1];

/** Every browser that keeps cookies does, once it has seen a form. */
export const hasSessionCookie = (req: Request): boolean => readSessionCookie(req) !== undefined;

/** Whether the session of the cookie is not the one of the request: Redis had none of that id. */
function sessionCookieIsStale(req: Request): boolean {
  const cookie = readSessionCookie(req);
  // express-session writes s:ID.SIGNATURE
  return cookie !== undefined && !cookie.startsWith(encodeURIComponent(`s:${req.sessionID}.`));
}

const renewSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) =>
    req.session.regenerate((error?: Error) => (error ? reject(error) : resolve())),
  );

/** Saves the session before the answer: a form whose token could not be kept must not be shown. */
export const saveSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) => req.session.save((error?: Error) => (error ? reject(error) : resolve())));

/** Signs in under a new session id. The same account's login of the other page stays. */
export async function signIn(req: Request, login: Login): Promise<void> {
  const other = getActiveLogin(req, getOtherKind(login.kind));
  await renewSession(req);
  const { id, account_id, login: name, session_epoch: epoch } = login;
  const otherLogin = other?.account_id === account_id && { [getOtherKind(login.kind)]: other };
  req.session.logins = { ...otherLogin, [login.kind]: { id, account_id, name, epoch, signed_in_at: now() } };
  req.session.seen_at = now();
  await indexLogins(req);
}

/** The same logins under another session id, after a second factor. Open forms stay good, for a second click too. */
export async function changeSessionId(req: Request): Promise<void> {
  const { logins, seen_at, wizards, csrfSecret } = req.session;
  await unindexLogins(req);
  await renewSession(req);
  Object.assign(req.session, { logins, seen_at, wizards, csrfSecret });
  await indexLogins(req);
}

/** Ends what is left of a page's login. The other page's goes on, where it is good still. */
export async function endLogin(req: Request, kind: LoginKind): Promise<void> {
  const { [kind]: ended, ...others } = req.session.logins ?? {};
  if (!getActiveLogin(req, getOtherKind(kind))) {
    await renewSession(req);
    return;
  }
  if (ended) await unindexSession(ended.id, req.sessionID);
  req.session.logins = others;
}

const getOtherKind = (kind: LoginKind): LoginKind => (kind === 'self' ? 'email' : 'self');

export async function signOut(req: Request): Promise<void> {
  await unindexLogins(req);
  await renewSession(req);
}

/** After a change of a password: this session goes on in the new epoch, the login's others end. */
export async function endOtherSessions(req: Request, kind: LoginKind, epoch: number): Promise<void> {
  const login = req.session.logins?.[kind];
  if (!login) return;
  login.epoch = epoch;
  await endSessions(login.id, req.sessionID);
}

async function indexLogins(req: Request): Promise<void> {
  for (const { id } of listLogins(req)) await indexSession(id, req.sessionID);
}

async function unindexLogins(req: Request): Promise<void> {
  for (const { id } of listLogins(req)) await unindexSession(id, req.sessionID);
}

const listLogins = (req: Request): SessionLogin[] => Object.values(req.session.logins ?? {});

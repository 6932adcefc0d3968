import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { config } from '../../config';
import { log } from '../../log';
import { now } from '../../lib/values/clock';
import type { Login, LoginKind } from '../../models/sign-in/login';
import { redis } from '../../lib/redis/redis';
import {
  endSessions,
  forgetSession,
  registerSession,
  SESSION_PREFIX,
} from '../../models/sign-in/session-index';
import { sessionSecrets } from '../../models/sign-in/session-secret';
import { requestLine } from './request-log';
import type { WizardState } from '../wizard';

/** What a session keeps of a login. Times in milliseconds. */
export interface SignedIn {
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
    logins: Partial<Record<LoginKind, SignedIn>>;
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

const MINUTE = 60_000;
const IDLE = 30 * MINUTE;
const LONGEST = 12 * 60 * MINUTE;
const COOKIE = 'meisai';

/**
 * Sessions live in Redis for 12 hours, longer than they are good for: so an ended one can be told from none. Where Redis
 * refuses to write one after its page, the page is whole all the same; passed on, that error would cut the connection.
 */
export function sessions(): RequestHandler {
  const handle = session({
    name: COOKIE,
    secret: sessionSecrets(),
    store: sessionStore(),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.isSecure, path: '/' },
  });
  return (req, res, next) =>
    handle(req, res, (error?: unknown) => {
      if (error && res.writableEnded)
        log.error({ err: error, req: requestLine(req) }, 'the session could not be written');
      else next(error);
    });
}

/**
 * Without `touch`, which asks Redis once more at every request and holds the end of each page back until it answers:
 * `seen_at` has a session in use written anew once a minute, which lengthens its life as well.
 */
function sessionStore(): RedisStore {
  const store = new RedisStore({ client: redis(), prefix: SESSION_PREFIX, ttl: LONGEST / 1000 });
  return Object.assign(store, { touch: undefined });
}

/** The login of a page, if the session is still good: 30 idle minutes, 12 hours at most. */
export function signedIn(req: Request, kind: LoginKind): SignedIn | undefined {
  const login = req.session.logins?.[kind];
  const seen_at = req.session.seen_at ?? 0;
  if (!login || now() - seen_at > IDLE || now() - login.signed_in_at > LONGEST) return undefined;
  if (now() - seen_at > MINUTE) req.session.seen_at = now();
  return login;
}

/** Whether a page's login, of which `signedIn` knows nothing any more, has ended by itself or been put an end to. */
export const hadLogin = (req: Request, kind: LoginKind): boolean =>
  req.session.logins?.[kind] !== undefined || bringsForgottenSession(req);

const sessionCookie = (req: Request): string | undefined =>
  new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1];

/** Every browser that keeps cookies does, once it has seen a form. */
export const bringsSession = (req: Request): boolean => sessionCookie(req) !== undefined;

/** Whether the session of the cookie is not the one of the request: Redis had none of that id. */
function bringsForgottenSession(req: Request): boolean {
  const cookie = sessionCookie(req);
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
  const other = signedIn(req, otherKind(login.kind));
  await renewSession(req);
  const { id, account_id, login: name, session_epoch: epoch } = login;
  const keptLogin = other?.account_id === account_id && { [otherKind(login.kind)]: other };
  req.session.logins = { ...keptLogin, [login.kind]: { id, account_id, name, epoch, signed_in_at: now() } };
  req.session.seen_at = now();
  await register(req);
}

/** The same logins under another session id, after a second factor. Open forms stay good, for a second click too. */
export async function changeSessionId(req: Request): Promise<void> {
  const { logins, seen_at, wizards, csrfSecret } = req.session;
  await forget(req);
  await renewSession(req);
  Object.assign(req.session, { logins, seen_at, wizards, csrfSecret });
  await register(req);
}

/** Ends what is left of a page's login. The other page's goes on, where it is good still. */
export async function endLogin(req: Request, kind: LoginKind): Promise<void> {
  const { [kind]: ended, ...others } = req.session.logins ?? {};
  if (!signedIn(req, otherKind(kind))) {
    await renewSession(req);
    return;
  }
  if (ended) await forgetSession(ended.id, req.sessionID);
  req.session.logins = others;
}

const otherKind = (kind: LoginKind): LoginKind => (kind === 'self' ? 'email' : 'self');

export async function signOut(req: Request): Promise<void> {
  await forget(req);
  await renewSession(req);
}

/** After a change of a password: this session goes on in the new epoch, the login's others end. */
export async function endOtherSessions(req: Request, kind: LoginKind, epoch: number): Promise<void> {
  const login = req.session.logins?.[kind];
  if (!login) return;
  login.epoch = epoch;
  await endSessions(login.id, req.sessionID);
}

async function register(req: Request): Promise<void> {
  for (const { id } of loginsOf(req)) await registerSession(id, req.sessionID);
}

async function forget(req: Request): Promise<void> {
  for (const { id } of loginsOf(req)) await forgetSession(id, req.sessionID);
}

const loginsOf = (req: Request): SignedIn[] => Object.values(req.session.logins ?? {});

import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { config } from '../config';
import { now } from '../models/clock';
import type { Login } from '../models/login';
import { redis } from '../models/redis';
import { endSessions, forgetSession, registerSession, SESSION_PREFIX } from '../models/session-register';
import { sessionSecrets } from './session-secret';
import type { WizardState } from './wizard';

declare module 'express-session' {
  interface SessionData {
    login: {
      id: number;
      account_id: number;
      kind: Login['kind'];
      name: string;
      epoch: number;
      signed_in_at: number;
    };
    /** Milliseconds; of the last request, to the minute. */
    seen_at: number;
    /** Where to go after logging in. */
    return_to: string;
    /** Set where the login page was reached because a session had ended. */
    has_expired: boolean;
    wizards: Record<string, WizardState | undefined>;
    csrfSecret: string;
  }
}

const MINUTE = 60_000;
const IDLE = 30 * MINUTE;
const LONGEST = 12 * 60 * MINUTE;
const COOKIE = 'meisai';

/** Sessions live in Redis for 12 hours, longer than they are good for: so an ended one can be told from none. */
export function sessions(): RequestHandler {
  return session({
    name: COOKIE,
    secret: sessionSecrets(),
    store: new RedisStore({ client: redis(), prefix: SESSION_PREFIX, ttl: LONGEST / 1000 }),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.isSecure, path: '/' },
  });
}

/** The signed-in login of a request, if its session is still good: 30 idle minutes, 12 hours at most. */
export function signedInLogin(req: Request) {
  const { login, seen_at = 0 } = req.session;
  if (!login || now() - seen_at > IDLE || now() - login.signed_in_at > LONGEST) return undefined;
  if (now() - seen_at > MINUTE) req.session.seen_at = now();
  return login;
}

/** Whether the visitor had a session that has ended: by time, or because Redis has forgotten it. */
export const hadSession = (req: Request): boolean =>
  req.session.login !== undefined ||
  (req.session.csrfSecret === undefined && new RegExp(`(^|; )${COOKIE}=`).test(req.headers.cookie ?? ''));

export const renewSession = (req: Request): Promise<void> =>
  new Promise((resolve, reject) =>
    req.session.regenerate((error?: Error) => (error ? reject(error) : resolve())),
  );

/** Signs in under a new session id. */
export async function signIn(req: Request, login: Login): Promise<void> {
  await renewSession(req);
  req.session.login = {
    id: login.id,
    account_id: login.account_id,
    kind: login.kind,
    name: login.login,
    epoch: login.session_epoch,
    signed_in_at: now(),
  };
  req.session.seen_at = now();
  await registerSession(login.id, req.sessionID);
}

export async function signOut(req: Request): Promise<void> {
  const { login } = req.session;
  if (login) await forgetSession(login.id, req.sessionID);
  await renewSession(req);
}

/** After a change of the password: this session goes on in the new epoch, the login's others end. */
export async function endOtherSessions(req: Request, epoch: number): Promise<void> {
  const { login } = req.session;
  if (!login) return;
  login.epoch = epoch;
  await endSessions(login.id, req.sessionID);
}

import type { Request } from 'express';
import {
  deleteSession,
  type EndReason,
  endSessions,
  findEndReason,
  indexSession,
  SESSION_IDLE_SECONDS,
  SESSION_LIFETIME_SECONDS,
  unindexSession,
} from '../lib/redis/session-index';
import { now } from '../lib/values/clock';
import { type Area, getOtherArea, LOGIN_KINDS, type LoginKind } from '../models/sign-in/area';
import { type AuditEvent, type DescribeEvent, writeAuditEvent } from '../models/sign-in/audit';
import type { Login } from '../models/sign-in/login';
import type { SessionCheck } from '../models/sign-in/user';
import { getClientAddress } from './client';
import { clearSessionCookie, dropSession, getStaleSessionId, renewSession } from './middleware/session';

/** A login as its session stores it. Times in milliseconds. */
export interface SessionLogin {
  id: number;
  account_id: number;
  name: string;
  epoch: number;
  signed_in_at: number;
  /** When the login ends, because it came by an old password that a new one is about to replace. */
  ends_at?: number;
  /** When the second factor was given; it holds for the session. */
  verified_at?: number;
  /** When it was given by a code. */
  code_at?: number;
  /** The trusted device that stood in for a code. */
  device_id?: number;
  /** Whether a page was asked for that wants a code, whatever has verified the session. */
  needs_code?: boolean;
}

declare module 'express-session' {
  interface SessionData {
    /** A login by Self ID, one by e-mail address, or both if they are of one account. */
    logins: Partial<Record<LoginKind, SessionLogin>>;
    /** The time of the last request, to the minute. */
    seen_at: number;
    /** Why the login of an area ended while that of the other area goes on. */
    ended: Partial<Record<LoginKind, WayOfEnding>>;
  }
}

/** Why a login has ended; `expired` if it was not used for 30 minutes or is 12 hours old. */
export type WayOfEnding = EndReason | 'expired';

const MINUTE_MS = 60_000;
const MAX_IDLE_MS = SESSION_IDLE_SECONDS * 1000;
const MAX_AGE_MS = SESSION_LIFETIME_SECONDS * 1000;

/**
 * Signs in under a new session id. The login of the other area stays if it is of the same account, and has not been ended
 * meanwhile.
 */
export async function signIn(req: Request, login: Login): Promise<void> {
  const otherArea = getOtherArea(login.area);
  const other = getActiveLogin(req, otherArea);
  const kept = await unindexLogins(req);
  await renewSession(req);
  if (other?.account_id === login.account_id && kept.includes(other.id)) storeLogin(req, otherArea, other);
  storeLogin(req, login.area, createSessionLogin(login));
  req.session.seen_at = now();
  await indexLogins(req);
}

/** Ends the session, with the logins of both areas. */
export async function signOut(req: Request): Promise<void> {
  await unindexLogins(req);
  await deleteSession(req.sessionID, 'logout');
  dropSession(req);
  if (req.res) clearSessionCookie(req.res);
}

/** Ends what is left of an area's login. The other area's continues if it is still active. */
export async function endLogin(req: Request, area: Area, reason?: EndReason): Promise<void> {
  const kind = LOGIN_KINDS[area];
  const { [kind]: ended, ...others } = req.session.logins ?? {};
  if (!ended) return;
  await unindexSession(ended.id, req.sessionID);
  if (getActiveLogin(req, getOtherArea(area))) {
    req.session.logins = others;
    req.session.ended = { ...req.session.ended, [kind]: reason ?? 'expired' };
    return;
  }
  await deleteSession(req.sessionID, reason);
  dropSession(req);
}

/** Ends the login's other sessions after a change of its password: this one goes on in the new epoch. */
export async function endOtherSessions(req: Request, area: Area, epoch: number): Promise<void> {
  const login = getStoredLogin(req, area);
  if (!login) return;
  login.epoch = epoch;
  delete login.ends_at;
  await endSessions(login.id, 'password', { except: req.sessionID });
}

/**
 * Moves the logins to a new session id, after a second factor. Open forms stay valid, also for a second click. Returns
 * whether there was something to move: another request may have ended the session, or moved it, in the meantime.
 */
export async function changeSessionId(req: Request): Promise<boolean> {
  const { logins = {}, seen_at, wizards, csrfSecret } = req.session;
  const kept = await unindexLogins(req);
  if (kept.length === 0) return false;
  await renewSession(req);
  const moved = Object.entries(logins).filter(([, { id }]) => kept.includes(id));
  Object.assign(req.session, { logins: Object.fromEntries(moved), seen_at, wizards, csrfSecret });
  await indexLogins(req);
  return true;
}

/**
 * The login of an area, if it is still active: at most 30 minutes idle and 12 hours old, and come by a password that has not
 * been replaced.
 */
export function getActiveLogin(req: Request, area: Area): SessionLogin | undefined {
  const login = getStoredLogin(req, area);
  const seen_at = req.session.seen_at ?? 0;
  if (!login || now() - seen_at > MAX_IDLE_MS || now() - login.signed_in_at > MAX_AGE_MS) return undefined;
  if (passwordWasReplaced(login)) return undefined;
  if (now() - seen_at > MINUTE_MS) req.session.seen_at = now();
  return login;
}

/** Whether the password by which a login came has been replaced by the new one that waited. */
export const passwordWasReplaced = (login: SessionLogin | undefined): boolean =>
  login?.ends_at !== undefined && login.ends_at <= now();

/**
 * Whether a session may trust devices and change factors. One that came by an old password, while the new one waits to come
 * into force, may be somebody else's.
 */
export const mayChangeFactors = (req: Request, area: Area): boolean =>
  getActiveLogin(req, area)?.ends_at === undefined;

/** Ends the sessions that a device verified; those that were verified by a code go on. */
export const endDeviceSessions = (
  req: Request,
  loginId: number,
  deviceId: number,
  reason: EndReason,
): Promise<void> =>
  endSessions(loginId, reason, {
    except: req.sessionID,
    matches: ({ logins }) => logins?.[LOGIN_KINDS.mypage]?.device_id === deviceId,
  });

/** Why an area's login, which is no longer active, has ended; undefined if the browser had none. */
export async function findWayOfEnding(req: Request, area: Area): Promise<WayOfEnding | undefined> {
  const ended = req.session.ended?.[LOGIN_KINDS[area]];
  const staleId = getStaleSessionId(req);
  const stored = getStoredLogin(req, area);
  if (stored) return passwordWasReplaced(stored) ? 'password' : 'expired';
  if (ended || staleId === undefined) return ended;
  return (await findEndReason(staleId)) ?? 'expired';
}

/** The name under which the session keeps the password wizard of an area. */
export const getPasswordWizardName = (area: Area): string => `${LOGIN_KINDS[area]}-password`;

/** The data for the database to check that a session is still valid, including a password change in flight. */
export function sessionCheck(req: Request, area: Area, { epoch, device_id }: SessionLogin): SessionCheck {
  const state = req.session.wizards?.[getPasswordWizardName(area)];
  return { epoch, deviceId: device_id, ...(state && state !== 'done' && { pendingChangeId: state.id }) };
}

/** Writes an audit event of the login in whose area the request is, or of the name that was typed. */
export async function recordEvent(
  req: Request,
  event: AuditEvent['event'],
  detail?: object,
  typedLogin = '',
): Promise<void> {
  await writeAuditEvent(describeEvent(req, event, detail, typedLogin));
}

/** An event of the login in whose area the request is, or of the name that was typed. */
function describeEvent(
  req: Request,
  event: AuditEvent['event'],
  detail?: object,
  typedLogin = '',
): AuditEvent {
  const login = getStoredLogin(req, req.area);
  return {
    event,
    login: login?.name ?? typedLogin,
    ...(login && { account_id: login.account_id }),
    address: getClientAddress(req),
    user_agent: req.get('user-agent') ?? '',
    ...(detail && { detail }),
  };
}

/** Describes events of the request for models, which write them in the transaction of a change. */
export const getEventDescriber =
  (req: Request): DescribeEvent =>
  (event, detail) =>
    describeEvent(req, event, detail);

/** The login that the session stores for an area, active or not. */
export const getStoredLogin = (req: Request, area: Area): SessionLogin | undefined =>
  req.session.logins?.[LOGIN_KINDS[area]];

function storeLogin(req: Request, area: Area, login: SessionLogin): void {
  req.session.logins = { ...req.session.logins, [LOGIN_KINDS[area]]: login };
}

const createSessionLogin = ({ id, account_id, login, session_epoch, replaced_at }: Login): SessionLogin => ({
  id,
  account_id,
  name: login,
  epoch: session_epoch,
  signed_in_at: now(),
  ...(replaced_at !== undefined && { ends_at: replaced_at }),
});

const listLogins = (req: Request): SessionLogin[] => Object.values(req.session.logins ?? {});

async function indexLogins(req: Request): Promise<void> {
  for (const { id } of listLogins(req)) await indexSession(id, req.sessionID);
}

/** Returns the ids of those logins whose session was still in the register. */
async function unindexLogins(req: Request): Promise<number[]> {
  const ids: number[] = [];
  for (const { id } of listLogins(req)) if (await unindexSession(id, req.sessionID)) ids.push(id);
  return ids;
}

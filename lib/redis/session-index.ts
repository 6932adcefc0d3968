import { hash } from 'node:crypto';
import type { SessionData } from 'express-session';
import { getRedis } from './redis';

/** How long a login in a session is valid, however busy it is. */
export const SESSION_LIFETIME_SECONDS = 12 * 3600;

/** How long Redis keeps a session after its last use. */
export const SESSION_IDLE_SECONDS = 30 * 60;

/** Sessions of a login at once; one more ends the oldest. */
export const MAX_SESSIONS_PER_LOGIN = 10;

/** Why a session was ended. One that ends by itself, idle or after 12 hours, has no reason. */
export type EndReason = 'logout' | 'password' | 'reset' | 'device_stolen' | 'device_revoked';

/** The real clock, in seconds, because Redis uses it too. */
const getUnixSeconds = (): number => Date.now() / 1000;

/** The prefix of the keys under which sessions are stored. */
export const SESSION_PREFIX = 'session:';

const getSessionIndexKey = (loginId: number): string => `session-register:${loginId}`;

/** Session ids are secrets, so the mark of an ended session only has the digest. */
const getEndMarkKey = (sessionId: string): string => `ended:${hash('sha256', sessionId, 'base64url')}`;

/**
 * Indexes a session under its login. This register is the authority: a session that it does not name has ended, whatever
 * Redis still stores of it. Entries that have outlived every session are removed: otherwise they would pile up under a
 * login that never logs out.
 */
export async function indexSession(loginId: number, sessionId: string): Promise<void> {
  const indexKey = getSessionIndexKey(loginId);
  await endOldestSessions(loginId);
  await getRedis()
    .multi()
    .zadd(indexKey, getUnixSeconds(), sessionId)
    .zremrangebyscore(indexKey, 0, getUnixSeconds() - SESSION_LIFETIME_SECONDS)
    .expire(indexKey, SESSION_LIFETIME_SECONDS)
    .exec();
}

/** Makes room for one more session of a login. The oldest end without a mark: a mark each would fill Redis too. */
async function endOldestSessions(loginId: number): Promise<void> {
  const oldest = await getRedis().zrange(getSessionIndexKey(loginId), '0', String(-MAX_SESSIONS_PER_LOGIN));
  for (const id of oldest) if (await unindexSession(loginId, id)) await deleteSession(id);
}

/** The ids of a login's sessions that may still exist. */
export const listIndexedSessions = (loginId: number): Promise<string[]> =>
  getRedis().zrange(getSessionIndexKey(loginId), '0', '-1');

export const isSessionIndexed = async (loginId: number, sessionId: string): Promise<boolean> =>
  (await getRedis().zscore(getSessionIndexKey(loginId), sessionId)) !== null;

/** Returns whether the session was in the register: of several callers at once only one is told so. */
export const unindexSession = async (loginId: number, sessionId: string): Promise<boolean> =>
  (await getRedis().zrem(getSessionIndexKey(loginId), sessionId)) === 1;

/** Removes a session from Redis. A session that existed leaves its reason behind for 12 hours. */
export async function deleteSession(sessionId: string, reason?: EndReason): Promise<void> {
  const existed = (await getRedis().del(SESSION_PREFIX + sessionId)) === 1;
  if (existed && reason)
    await getRedis().set(getEndMarkKey(sessionId), reason, 'EX', SESSION_LIFETIME_SECONDS);
}

/** The reason for which a session was ended in the last 12 hours, if there was one. */
export const findEndReason = async (sessionId: string): Promise<EndReason | undefined> =>
  ((await getRedis().get(getEndMarkKey(sessionId))) as EndReason | null) ?? undefined;

/** Which sessions of a login are ended. */
interface EndedSessions {
  except?: string;
  /** Looks at what is stored of a session. */
  matches?: (stored: Partial<SessionData>) => boolean;
}

/** Ends a login's sessions. After a new password they end even without this, by `session_epoch` in the database. */
export async function endSessions(
  loginId: number,
  reason: EndReason,
  { except, matches }: EndedSessions = {},
): Promise<void> {
  for (const id of await listIndexedSessions(loginId)) {
    if (id === except || (matches && !matches(await readSession(id)))) continue;
    if (await unindexSession(loginId, id)) await deleteSession(id, reason);
  }
}

async function readSession(id: string): Promise<Partial<SessionData>> {
  return JSON.parse((await getRedis().get(SESSION_PREFIX + id)) ?? '{}') as Partial<SessionData>;
}

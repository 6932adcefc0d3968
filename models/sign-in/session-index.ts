import { getRedis } from '../../lib/redis/redis';

const SESSION_LIFETIME_SECONDS = 12 * 3600;

/** Seconds of the real clock, as those of Redis. */
const getUnixSeconds = (): number => Math.floor(Date.now() / 1000);

/** Where connect-redis keeps a session. */
export const SESSION_PREFIX = 'session:';

const getSessionIndexKey = (loginId: number): string => `session-register:${loginId}`;

/**
 * Notes a session under its login with the time, so that it can be found when all of them must end. Those that can last
 * no longer go: a login that is used again and again, and never logged out of, would gather them for ever.
 */
export async function indexSession(loginId: number, sessionId: string): Promise<void> {
  const indexKey = getSessionIndexKey(loginId);
  await getRedis()
    .multi()
    .zadd(indexKey, getUnixSeconds(), sessionId)
    .zremrangebyscore(indexKey, 0, getUnixSeconds() - SESSION_LIFETIME_SECONDS)
    .expire(indexKey, SESSION_LIFETIME_SECONDS)
    .exec();
}

/** The sessions of a login that may still last. */
export const listIndexedSessions = (loginId: number): Promise<string[]> =>
  getRedis().zrange(getSessionIndexKey(loginId), '0', '-1');

export async function unindexSession(loginId: number, sessionId: string): Promise<void> {
  await getRedis().zrem(getSessionIndexKey(loginId), sessionId);
}

/**
 * Removes a login's sessions, all but one. The login's `session_epoch` in the database is what ends them for sure;
 * this takes them out of Redis too.
 */
export async function endSessions(loginId: number, except?: string): Promise<void> {
  const ids = (await listIndexedSessions(loginId)).filter((id) => id !== except);
  if (ids.length === 0) return;
  await Promise.all(ids.map((id) => getRedis().del(SESSION_PREFIX + id)));
  await getRedis().zrem(getSessionIndexKey(loginId), ids);
}

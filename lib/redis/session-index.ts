import { getRedis } from './redis';

/** How long Redis keeps a session. */
export const SESSION_LIFETIME_SECONDS = 12 * 3600;

/** The real clock, in seconds, because Redis uses it too. */
const getUnixSeconds = (): number => Math.floor(Date.now() / 1000);

/** The prefix of the keys under which connect-redis stores sessions. */
export const SESSION_PREFIX = 'session:';

const getSessionIndexKey = (loginId: number): string => `session-register:${loginId}`;

/**
 * Indexes a session under its login, so that all sessions of the login can be found and ended. Entries that have
 * outlived every session are removed: otherwise they would pile up under a login that never logs out.
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

/** The ids of a login's sessions that may still exist. */
export const listIndexedSessions = (loginId: number): Promise<string[]> =>
  getRedis().zrange(getSessionIndexKey(loginId), '0', '-1');

export async function unindexSession(loginId: number, sessionId: string): Promise<void> {
  await getRedis().zrem(getSessionIndexKey(loginId), sessionId);
}

/**
 * Removes a login's sessions from Redis, except one. They end even without this, by the login's `session_epoch` in the
 * database.
 */
export async function endSessions(loginId: number, except?: string): Promise<void> {
  const ids = (await listIndexedSessions(loginId)).filter((id) => id !== except);
  if (ids.length === 0) return;
  await Promise.all(ids.map((id) => getRedis().del(SESSION_PREFIX + id)));
  await getRedis().zrem(getSessionIndexKey(loginId), ids);
}

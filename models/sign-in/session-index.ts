import { redis } from '../../lib/redis/redis';

const HALF_A_DAY = 12 * 3600;

/** Seconds of the real clock, as those of Redis. */
const seconds = (): number => Math.floor(Date.now() / 1000);

/** Where connect-redis keeps a session. */
export const SESSION_PREFIX = 'session:';

const registerOf = (loginId: number): string => `session-register:${loginId}`;

/**
 * Notes a session under its login with the time, so that it can be found when all of them must end. Those that can last
 * no longer go: a login that is used again and again, and never logged out of, would gather them for ever.
 */
export async function registerSession(loginId: number, sessionId: string): Promise<void> {
  const register = registerOf(loginId);
  await redis()
    .multi()
    .zadd(register, seconds(), sessionId)
    .zremrangebyscore(register, 0, seconds() - HALF_A_DAY)
    .expire(register, HALF_A_DAY)
    .exec();
}

/** The sessions of a login that may still last. */
export const registeredSessions = (loginId: number): Promise<string[]> =>
  redis().zrange(registerOf(loginId), '0', '-1');

export async function forgetSession(loginId: number, sessionId: string): Promise<void> {
  await redis().zrem(registerOf(loginId), sessionId);
}

/**
 * Removes a login's sessions, all but one. The login's `session_epoch` in the database is what ends them for sure;
 * this takes them out of Redis too.
 */
export async function endSessions(loginId: number, except?: string): Promise<void> {
  const ids = (await registeredSessions(loginId)).filter((id) => id !== except);
  if (ids.length === 0) return;
  await Promise.all(ids.map((id) => redis().del(SESSION_PREFIX + id)));
  await redis().zrem(registerOf(loginId), ids);
}

import { redis } from './redis';

const HALF_A_DAY = 12 * 3600;

/** Where connect-redis keeps a session. */
export const SESSION_PREFIX = 'session:';

const registerOf = (loginId: number): string => `sessions-of-login:${loginId}`;

/** Notes a session under its login, so that it can be found when all of them must end. */
export async function registerSession(loginId: number, sessionId: string): Promise<void> {
  await redis().multi().sadd(registerOf(loginId), sessionId).expire(registerOf(loginId), HALF_A_DAY).exec();
}

export async function forgetSession(loginId: number, sessionId: string): Promise<void> {
  await redis().srem(registerOf(loginId), sessionId);
}

/**
 * Removes a login's sessions, all but one. The login's `session_epoch` in the database is what ends them for sure;
 * this takes them out of Redis too.
 */
export async function endSessions(loginId: number, except?: string): Promise<void> {
  const ids = (await redis().smembers(registerOf(loginId))).filter((id) => id !== except);
  if (ids.length === 0) return;
  await Promise.all(ids.map((id) => redis().del(SESSION_PREFIX + id)));
  await redis().srem(registerOf(loginId), ids);
}

import { RateLimiterRes } from 'rate-limiter-flexible';
import { getLimiter } from '../../lib/redis/rate-limit';
import { getRedis } from '../../lib/redis/redis';
import { now } from '../../lib/values/clock';
import { log } from '../../log';

/** Failed logins of all clients together in a minute. Customers of a large operator make a few; an attack makes more. */
export const MAX_FAILURES_PER_MINUTE = 300;

const ALL = 'all';
const LAST_EXCEEDED_KEY = 'limit-login-failures-exceeded';
const LAST_EXCEEDED_SECONDS = 7 * 86_400;

const getFailureLimiter = () => getLimiter('login-failures', MAX_FAILURES_PER_MINUTE, 60);

/**
 * Counts a failed login. Above the cap the operator is warned, once a minute: many clients may be guessing at once, each
 * of them below its own limits. Nobody is refused for it.
 */
export async function countLoginFailure(): Promise<void> {
  try {
    await getFailureLimiter().consume(ALL);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    // Redis counts for all processes, so exactly one of them sees this number.
    if (error.consumedPoints === MAX_FAILURES_PER_MINUTE + 1) await warnOfFailures();
  }
}

async function warnOfFailures(): Promise<void> {
  log.warn(
    { failures: MAX_FAILURES_PER_MINUTE, seconds: 60 },
    'more failed logins than usual: somebody may be guessing passwords',
  );
  await getRedis().set(LAST_EXCEEDED_KEY, now(), 'EX', LAST_EXCEEDED_SECONDS);
}

export interface FailureRate {
  /** Failed logins in the current minute. */
  failures: number;
  /** The last time (milliseconds) within a week that a minute had more than MAX_FAILURES_PER_MINUTE. */
  exceededAt: number | null;
}

export async function getFailureRate(): Promise<FailureRate> {
  const counted = await getFailureLimiter().get(ALL);
  const exceededAt = await getRedis().get(LAST_EXCEEDED_KEY);
  return {
    failures: counted?.consumedPoints ?? 0,
    exceededAt: exceededAt === null ? null : Number(exceededAt),
  };
}

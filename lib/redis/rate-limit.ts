import { type RateLimiterAbstract, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { getRedis } from './redis';

/** Too many attempts. The limit ends by itself after `milliseconds`; `seconds` is the same, rounded up. */
export class RateLimitExceeded extends Error {
  readonly seconds: number;

  constructor(
    readonly milliseconds: number,
    /** Whether it holds for browsers that are new to a login, and not for those that its owner uses. */
    readonly isForNewBrowsers = false,
  ) {
    const seconds = Math.ceil(milliseconds / 1000);
    super(`Too many tries, again in ${seconds} s`);
    this.seconds = seconds;
  }
}

const limiters = new Map<string, RateLimiterAbstract>();

/** A counter in Redis of `points` per `seconds`. It fails closed: without Redis its calls throw. */
export function getLimiter(name: string, points: number, seconds: number): RateLimiterAbstract {
  const existing = limiters.get(name);
  if (existing) return existing;
  const created = new RateLimiterRedis({
    storeClient: getRedis(),
    keyPrefix: `limit-${name}`,
    points,
    duration: seconds,
    rejectIfRedisNotReady: false,
  });
  limiters.set(name, created);
  return created;
}

/**
 * Counts an attempt and returns how many remain.
 *
 * @throws RateLimitExceeded
 */
export async function countAttempt(limiter: RateLimiterAbstract, key: string | number): Promise<number> {
  try {
    return (await limiter.consume(key)).remainingPoints;
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new RateLimitExceeded(error.msBeforeNext);
    throw error;
  }
}

import { createHash } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { getRedis } from '../../lib/redis/redis';

const WINDOW_SECONDS = 15 * 60;
const MAX_FAILURES_PER_ID = 10;
const MAX_FAILURES_PER_ADDRESS = 200;

/** Too many failures. Ends by itself after `seconds`. */
export class RateLimitExceeded extends Error {
  constructor(readonly seconds: number) {
    super(`Too many tries, again in ${seconds} s`);
  }
}

const limiters = new Map<string, RateLimiterAbstract>();

/** A counter in Redis. Without Redis its calls fail, and so does the login: it fails closed. */
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

const getIdLimiter = () => getLimiter('login-id', MAX_FAILURES_PER_ID, WINDOW_SECONDS);
const getAddressLimiter = () => getLimiter('login-address', MAX_FAILURES_PER_ADDRESS, WINDOW_SECONDS);

/** What is typed may be a password in the wrong field, so that Redis sees a digest only. */
const hashLogin = (login: string): string => createHash('sha256').update(login.toLowerCase()).digest('hex');

async function consume(counter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await counter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new RateLimitExceeded(Math.ceil(error.msBeforeNext / 1000));
    throw error;
  }
}

/** @throws TooManyTries past 10 failures of an ID or 200 of an address in 15 minutes */
export async function countLoginAttempt(login: string, address: string): Promise<void> {
  await consume(getAddressLimiter(), address);
  await consume(getIdLimiter(), hashLogin(login));
}

/**
 * Counts a try before `look` looks at the password, so that many at once are counted too. Where it cannot, as without
 * the database, nobody has failed, and customers who try again and again must not lock themselves out.
 */
export async function withLoginLimit<Result>(
  login: string,
  address: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await countLoginAttempt(login, address);
  try {
    return await work();
  } catch (error) {
    // Where Redis is away as well, the try counts.
    await Promise.allSettled([getAddressLimiter().reward(address), getIdLimiter().reward(hashLogin(login))]);
    throw error;
  }
}

/** A right password takes its try back: the address did not fail, and the ID starts anew. */
export async function clearLoginFailures(login: string, address: string): Promise<void> {
  await Promise.all([getAddressLimiter().reward(address), getIdLimiter().delete(hashLogin(login))]);
}

/** Until when an ID is locked; undefined where it is not. */
export async function getLockExpiry(login: string): Promise<Date | undefined> {
  const attempts = await getIdLimiter().get(hashLogin(login));
  const isLocked = attempts !== null && attempts.consumedPoints > MAX_FAILURES_PER_ID;
  return isLocked ? new Date(Date.now() + attempts.msBeforeNext) : undefined;
}

/** The operator lifts a lock. */
export async function unlockLogin(login: string): Promise<void> {
  await getIdLimiter().delete(hashLogin(login));
}

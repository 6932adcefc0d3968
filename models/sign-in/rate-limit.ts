import { createHash } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { redis } from '../../lib/redis/redis';

const QUARTER_OF_AN_HOUR = 15 * 60;
const FAILURES_OF_AN_ID = 10;
const FAILURES_OF_AN_ADDRESS = 200;

/** Too many failures. Ends by itself after `seconds`. */
export class TooManyTries extends Error {
  constructor(readonly seconds: number) {
    super(`Too many tries, again in ${seconds} s`);
  }
}

const limiters = new Map<string, RateLimiterAbstract>();

/** A counter in Redis. Without Redis its calls fail, and so does the login: it fails closed. */
export function limiter(name: string, points: number, seconds: number): RateLimiterAbstract {
  const known = limiters.get(name);
  if (known) return known;
  const made = new RateLimiterRedis({
    storeClient: redis(),
    keyPrefix: `limit-${name}`,
    points,
    duration: seconds,
    rejectIfRedisNotReady: false,
  });
  limiters.set(name, made);
  return made;
}

const byId = () => limiter('login-id', FAILURES_OF_AN_ID, QUARTER_OF_AN_HOUR);
const byAddress = () => limiter('login-address', FAILURES_OF_AN_ADDRESS, QUARTER_OF_AN_HOUR);

/** What is typed may be a password in the wrong field, so that Redis sees a digest only. */
const keyOf = (login: string): string => createHash('sha256').update(login.toLowerCase()).digest('hex');

async function consume(counter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await counter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new TooManyTries(Math.ceil(error.msBeforeNext / 1000));
    throw error;
  }
}

/** @throws TooManyTries past 10 failures of an ID or 200 of an address in 15 minutes */
export async function countLoginTry(login: string, address: string): Promise<void> {
  await consume(byAddress(), address);
  await consume(byId(), keyOf(login));
}

/**
 * Counts a try before `look` looks at the password, so that many at once are counted too. Where it cannot, as without
 * the database, nobody has failed, and customers who try again and again must not lock themselves out.
 */
export async function asLoginTry<Result>(
  login: string,
  address: string,
  look: () => Promise<Result>,
): Promise<Result> {
  await countLoginTry(login, address);
  try {
    return await look();
  } catch (error) {
    // Where Redis is away as well, the try counts.
    await Promise.allSettled([byAddress().reward(address), byId().reward(keyOf(login))]);
    throw error;
  }
}

/** A right password takes its try back: the address did not fail, and the ID starts anew. */
export async function forgiveLoginTry(login: string, address: string): Promise<void> {
  await Promise.all([byAddress().reward(address), byId().delete(keyOf(login))]);
}

/** Until when an ID is locked; undefined where it is not. */
export async function lockedUntil(login: string): Promise<Date | undefined> {
  const tries = await byId().get(keyOf(login));
  const isLocked = tries !== null && tries.consumedPoints > FAILURES_OF_AN_ID;
  return isLocked ? new Date(Date.now() + tries.msBeforeNext) : undefined;
}

/** The operator lifts a lock. */
export async function unlockLogin(login: string): Promise<void> {
  await byId().delete(keyOf(login));
}

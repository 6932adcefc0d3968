import { hash } from 'node:crypto';
import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { countAttempt, getLimiter, RateLimitExceeded } from '../../lib/redis/rate-limit';

/** The limits of a login and of a telephone number: 30 s between two sends, 3 in 10 minutes, 10 a day. */
const SEND_LIMITS = [
  { name: 'gap', sends: 1, seconds: 30 },
  { name: 'burst', sends: 3, seconds: 600 },
  { name: 'day', sends: 10, seconds: 86_400 },
];
const MAX_WINDOW_MS = 86_400_000;
const MAX_SENDS = 10;

interface Receiver {
  login_id: number;
  telephone: string;
}

/**
 * Reads from the rows how many milliseconds must pass until the next code may be sent (0 if one may be sent now). The
 * rows outlive a Redis that was emptied.
 */
export async function getSendWait({ login_id, telephone }: Receiver): Promise<number> {
  const waits = await Promise.all([computeWait({ login_id }), computeWait({ telephone })]);
  return Math.max(...waits);
}

async function computeWait(subject: Partial<Receiver>): Promise<number> {
  const sends = await db('verification_codes')
    .where(subject)
    .where('requested_at', '>', now() - MAX_WINDOW_MS)
    .orderBy('requested_at', 'desc')
    .limit(MAX_SENDS)
    .pluck<number[]>('requested_at');
  const waits = SEND_LIMITS.map(({ sends: most, seconds }) => {
    const counted = sends[most - 1];
    return counted === undefined ? 0 : counted + seconds * 1000 - now();
  });
  return Math.max(0, ...waits);
}

/** Counts a send in Redis, which lets only one of several at once pass. Returns milliseconds to wait, 0 if it may be sent. */
export async function countSend({ login_id, telephone }: Receiver): Promise<number> {
  const keys = [`login-${login_id}`, `telephone-${hash('sha256', telephone)}`];
  const counted: (() => Promise<unknown>)[] = [];
  for (const { name, sends, seconds } of SEND_LIMITS) {
    const counter = getLimiter(`code-${name}`, sends, seconds);
    for (const key of keys) {
      try {
        await countAttempt(counter, key);
        counted.push(() => counter.reward(key));
      } catch (error) {
        if (!(error instanceof RateLimitExceeded)) throw error;
        for (const takeBack of counted) await takeBack();
        return error.milliseconds;
      }
    }
  }
  return 0;
}

import { RateLimiterRes } from 'rate-limiter-flexible';
import { lastEventAt, writeAuditEvent } from '../sign-in/audit-event';
import { now } from '../../lib/values/clock';
import type { Login } from '../sign-in/login';
import { limiter, TooManyTries } from '../sign-in/rate-limit';
import { normaliseTelephone } from '../phone-number/parse-phone-number';

const MOST_TRIES = 5;
const LOCK_SECONDS = 30 * 60;

const tries = () => limiter('contact-number', MOST_TRIES, LOCK_SECONDS);

/**
 * Whether this is the registered number. A try is counted before it is compared.
 *
 * @throws TooManyTries for 30 minutes after the fifth wrong number
 */
export async function isContactNumber(
  accountId: number,
  registered: string | null,
  typed: string,
): Promise<{ isRight: boolean; isLast: boolean }> {
  await refuseWhereLocked(accountId);
  const left = await countTry(accountId);
  const isRight = registered !== null && normaliseTelephone(typed).digits === registered;
  if (isRight) await tries().delete(accountId);
  else if (left === 0) await tries().block(accountId, LOCK_SECONDS);
  return { isRight, isLast: !isRight && left === 0 };
}

/** The operator lifts the lock, and the audit log knows by whom. */
export async function unlockContactNumber({ account_id, login }: Login, operator: string): Promise<void> {
  await tries().delete(account_id);
  await writeAuditEvent({
    event: 'contact_unlocked',
    account_id,
    login,
    address: '',
    user_agent: 'meisai account unlock',
    detail: { operator },
  });
}

/** The audit log remembers a lock that Redis has forgotten. */
async function refuseWhereLocked(accountId: number): Promise<void> {
  const lockedAt = (await lastEventAt(accountId, 'contact_locked')) ?? 0;
  const unlockedAt = (await lastEventAt(accountId, 'contact_unlocked')) ?? 0;
  const wait = unlockedAt >= lockedAt ? 0 : lockedAt + LOCK_SECONDS * 1000 - now();
  if (wait > 0) throw new TooManyTries(Math.ceil(wait / 1000));
}

async function countTry(accountId: number): Promise<number> {
  try {
    return (await tries().consume(accountId)).remainingPoints;
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new TooManyTries(Math.ceil(error.msBeforeNext / 1000));
    throw error;
  }
}

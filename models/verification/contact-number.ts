import { findLastEventTime, writeAuditEvent } from '../sign-in/audit';
import { now } from '../../lib/values/clock';
import type { Login } from '../sign-in/login';
import { countAttempt, getLimiter, RateLimitExceeded } from '../../lib/redis/rate-limit';
import { normaliseTelephone } from '../phone-number/parse-phone-number';

const MAX_TRIES = 5;
const LOCK_SECONDS = 30 * 60;

const getContactNumberLimiter = () => getLimiter('contact-number', MAX_TRIES, LOCK_SECONDS);

/**
 * Checks whether this is the registered number. A try is counted before it is compared.
 *
 * @throws RateLimitExceeded for 30 minutes after the fifth wrong number
 */
export async function checkContactNumber(
  accountId: number,
  registered: string | null,
  typed: string,
): Promise<{ isRight: boolean; isLast: boolean }> {
  await throwIfLocked(accountId);
  const left = await countAttempt(getContactNumberLimiter(), accountId);
  const isRight = registered !== null && normaliseTelephone(typed).digits === registered;
  if (isRight) await getContactNumberLimiter().delete(accountId);
  else if (left === 0) await getContactNumberLimiter().block(accountId, LOCK_SECONDS);
  return { isRight, isLast: !isRight && left === 0 };
}

/** Lifts the lock for an operator, whose name goes into the audit log. */
export async function unlockContactNumber({ account_id, login }: Login, operator: string): Promise<void> {
  await getContactNumberLimiter().delete(account_id);
  await writeAuditEvent({
    event: 'contact_unlocked',
    account_id,
    login,
    address: '',
    user_agent: 'meisai account unlock',
    detail: { operator },
  });
}

/** Asks the audit log, which remembers a lock that Redis has forgotten. */
async function throwIfLocked(accountId: number): Promise<void> {
  const lockedAt = (await findLastEventTime(accountId, 'contact_locked')) ?? 0;
  const unlockedAt = (await findLastEventTime(accountId, 'contact_unlocked')) ?? 0;
  const wait = unlockedAt >= lockedAt ? 0 : lockedAt + LOCK_SECONDS * 1000 - now();
  if (wait > 0) throw new RateLimitExceeded(wait);
}

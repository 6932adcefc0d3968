import { listEventsSince, writeAuditEvent } from '../sign-in/audit';
import { type Visitor, withAttemptLimit } from '../sign-in/attempt-limit';
import type { MyPageUser } from '../sign-in/user';
import { toClientKey } from '../../lib/values/client-address';
import { now } from '../../lib/values/clock';
import type { Login } from '../sign-in/login';
import { RateLimitExceeded } from '../../lib/redis/rate-limit';
import { normaliseTelephone } from '../phone-number/parse-phone-number';

const LOCK_MS = 30 * 60_000;

/**
 * Checks whether this is the registered number. `isLast` says that this failure has begun the lock.
 *
 * @throws RateLimitExceeded for 30 minutes after the fifth wrong number
 */
export async function checkContactNumber(
  { login, contact_number }: Pick<MyPageUser, 'login' | 'contact_number'>,
  typed: string,
  visitor: Visitor,
  onShutOut: () => Promise<void>,
): Promise<{ isRight: boolean; isLast: boolean }> {
  if (visitor.browser === undefined) await throwIfLocked(login, visitor.client);
  const { result: isRight, left } = await withAttemptLimit({
    kind: 'contact-number',
    visitor,
    check: () =>
      Promise.resolve(contact_number !== null && normaliseTelephone(typed).digits === contact_number),
    judge: (isSame) => (isSame ? 'right' : 'wrong'),
    onShutOut,
  });
  return { isRight, isLast: !isRight && left === 0 };
}

/** Writes into the audit log that an operator has lifted the lock, so that the log locks no longer. */
export async function recordUnlock({ account_id, login }: Login, operator: string): Promise<void> {
  await writeAuditEvent({
    event: 'contact_unlocked',
    account_id,
    login,
    address: '',
    user_agent: 'meisai account unlock',
    detail: { operator },
  });
}

/** Asks the audit log, which remembers a lock of this client that Redis has forgotten. */
async function throwIfLocked(login: string, client: string): Promise<void> {
  const events = await listEventsSince(login, ['contact_locked', 'contact_unlocked'], now() - LOCK_MS);
  const last = events.find(
    ({ event, address }) => event !== 'contact_locked' || toClientKey(address) === client,
  );
  if (last?.event === 'contact_locked') throw new RateLimitExceeded(last.at + LOCK_MS - now());
}

import { AccountError, type IssuedAccount } from './account';
import { db } from '../../lib/database/db';
import { endSessions } from '../../lib/redis/session-index';
import { hashPassword } from '../../lib/values/password-hash';
import { findLoginByName } from '../sign-in/login';
import { generatePassword } from '../sign-in/password-policy';
import { revokeDevices } from '../sign-in/trusted-device';

/**
 * Gives a login a new random password, in force at once, ends its sessions, revokes its trusted devices and
 * makes all browsers unknown to it: all or nothing. The new epoch alone ends the sessions, so an unavailable Redis does not matter.
 *
 * @throws AccountError for an unknown login
 */
export async function resetPassword(name: string): Promise<IssuedAccount> {
  const known = await findLoginByName(name);
  if (!known)
    throw new AccountError(`There is no login ${name}: meisai account list shows those that there are`);
  const password = generatePassword(known.area);
  const password_hash = await hashPassword(password);
  await db.transaction(async (trx) => {
    await trx('logins')
      .where({ id: known.id })
      .update({ password_hash, next_password_hash: null, next_password_at: null, last_change_id: null })
      .increment({ session_epoch: 1, browser_epoch: 1 });
    await revokeDevices(known.id, trx);
  });
  await endSessions(known.id, 'reset').catch(() => undefined);
  return { login: known.login, password };
}

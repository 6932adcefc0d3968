import { AccountError, type IssuedAccount } from './account';
import { db } from '../../lib/database/db';
import type { Login } from '../sign-in/login';
import { hashPassword } from '../sign-in/password-hash';
import { generatePassword } from '../sign-in/password-policy';
import { endSessions } from '../sign-in/session-index';
import { revokeDevices } from '../sign-in/trusted-device';

/**
 * Gives a login a new random password, in force at once. Its sessions end, and its account's devices are trusted no
 * more: all of it or nothing. The new epoch ends sessions for sure, so that it does not matter whether Redis is there.
 *
 * @throws AccountError for an unknown login
 */
export async function resetPassword(name: string): Promise<IssuedAccount> {
  const known = await findLoginByName(name);
  if (!known)
    throw new AccountError(`There is no login ${name}: meisai account list shows those that there are`);
  const password = generatePassword(known.kind);
  const password_hash = await hashPassword(password);
  await db.transaction(async (trx) => {
    await trx('logins')
      .where({ id: known.id })
      .update({ password_hash, next_password_hash: null, next_password_at: null, last_change_id: null })
      .increment('session_epoch', 1);
    await revokeDevices(known.account_id, trx);
  });
  await endSessions(known.id).catch(() => undefined);
  return { login: known.login, password };
}

/** A Self ID as it is written, or an e-mail address in any case. */
export const findLoginByName = (name: string): Promise<Login | undefined> =>
  db<Login>('logins').whereIn('login', [name, name.toLowerCase()]).first();

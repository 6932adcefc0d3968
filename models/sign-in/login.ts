import { config } from '../../config';
import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { verifyDummyPassword, verifyPassword } from './password-hash';

/** By Self ID (self page) or by e-mail address (my page). */
export type LoginKind = 'self' | 'email';

/** A row of the table `logins`. Times in milliseconds. */
export interface Login {
  id: number;
  account_id: number;
  contract_id: number | null;
  kind: LoginKind;
  login: string;
  password_hash: string;
  next_password_hash: string | null;
  next_password_at: number | null;
  last_change_id: string | null;
  session_epoch: number;
}

/** The hash that counts now: a changed password takes the old one's place when its delay has passed. */
function getActiveHash(login: Login): string {
  const isChanged = login.next_password_hash !== null && (login.next_password_at ?? 0) <= now();
  return isChanged ? (login.next_password_hash ?? '') : login.password_hash;
}

/** The login with this name and password. An unknown name takes as long as a wrong password. */
export async function findLogin(kind: LoginKind, name: string, password: string): Promise<Login | undefined> {
  const login = await db<Login>('logins')
    .where({ kind, login: kind === 'email' ? name.toLowerCase() : name })
    .first();
  if (!login) {
    await verifyDummyPassword(password);
    return undefined;
  }
  return (await verifyPassword(getActiveHash(login), password)) ? login : undefined;
}

export async function verifyLoginPassword(loginId: number, password: string): Promise<boolean> {
  const login = await db<Login>('logins').where({ id: loginId }).first();
  return login !== undefined && (await verifyPassword(getActiveHash(login), password));
}

/**
 * Sets a new password, in force after PASSWORD_DELAY_MINUTES, and ends the login's sessions by a new epoch, which it
 * returns. The same change id again changes nothing more and returns the same epoch.
 */
export async function changePassword(loginId: number, hash: string, changeId: string): Promise<number> {
  const login = await db<Login>('logins').where({ id: loginId }).first();
  if (!login) throw new Error(`No login ${loginId}`);
  if (login.last_change_id === changeId) return login.session_epoch;

  const changed = await db('logins')
    .where({ id: loginId, session_epoch: login.session_epoch })
    .update({
      password_hash: getActiveHash(login),
      next_password_hash: hash,
      next_password_at: now() + config.PASSWORD_DELAY_MINUTES * 60_000,
      last_change_id: changeId,
      session_epoch: login.session_epoch + 1,
    });
  // Another change came between: look again.
  return changed === 1 ? login.session_epoch + 1 : changePassword(loginId, hash, changeId);
}

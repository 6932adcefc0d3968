import { config } from '../../config';
import { db, type Queryable } from '../../lib/database/db';
import { now } from '../../lib/values/clock';
import { verifyDummyPassword, verifyPassword } from '../../lib/values/password-hash';
import { type Area, LOGIN_KINDS, type LoginKind } from './area';

/** A row of the table `logins`. Times in milliseconds. */
interface LoginRow {
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
  /** Browsers that became known in an earlier one are unknown again. */
  browser_epoch: number;
}

export interface Login extends Omit<LoginRow, 'kind'> {
  area: Area;
  /** When the password that was typed is replaced by the one that waits; undefined if none waits. Milliseconds. */
  replaced_at?: number;
}

const toLogin = ({ kind, ...row }: LoginRow): Login => ({
  ...row,
  area: kind === LOGIN_KINDS.selfpage ? 'selfpage' : 'mypage',
});

/** The login with this name and password. An unknown name takes as long as a wrong password. */
export async function findLogin(area: Area, name: string, password: string): Promise<Login | undefined> {
  const row = await db<LoginRow>('logins')
    .where({ kind: LOGIN_KINDS[area], login: area === 'mypage' ? name.toLowerCase() : name })
    .first();
  if (!row) {
    await verifyDummyPassword(password);
    return undefined;
  }
  const { active, pending } = getHashes(row);
  if (!(await verifyPassword(active, password))) return undefined;
  return { ...toLogin(row), ...(pending && { replaced_at: pending.at }) };
}

/** The login with this name: a Self ID as it is written, or an e-mail address in any case. */
export async function findLoginByName(name: string): Promise<Login | undefined> {
  const row = await db<LoginRow>('logins').whereIn('login', [name, name.toLowerCase()]).first();
  return row && toLogin(row);
}

/**
 * Whether a login may change its password by this one: the current password, or while a new one waits to come into force,
 * that one alone. Otherwise somebody who has the old password could take the login over in that time.
 */
export async function verifyPasswordForChange(loginId: number, password: string): Promise<boolean> {
  const login = await db<LoginRow>('logins').where({ id: loginId }).first();
  if (!login) return false;
  const { active, pending } = getHashes(login);
  return verifyPassword(pending?.hash ?? active, password);
}

/** Whether a new password of the login waits to come into force. */
export async function hasPendingPassword(loginId: number): Promise<boolean> {
  const login = await db<LoginRow>('logins').where({ id: loginId }).first();
  return login !== undefined && getHashes(login).pending !== undefined;
}

/** Why the database no longer accepts a session: a new password, the operator's reset, or a stolen device. */
export async function findSessionEnding({
  id,
  epoch,
}: {
  id: number;
  epoch: number;
}): Promise<'password' | 'reset' | 'device_stolen'> {
  const login = await db<LoginRow>('logins').where({ id }).first('last_change_id', 'session_epoch');
  if (login?.session_epoch === epoch) return 'device_stolen';
  return login?.last_change_id == null ? 'reset' : 'password';
}

interface Hashes {
  /** The hash in force now. */
  active: string;
  /** The hash that takes its place once its delay has passed, and when, in milliseconds. */
  pending?: { hash: string; at: number };
}

/** Looks at the clock once: by the two answers together a session knows by which password it came. */
function getHashes({ password_hash, next_password_hash, next_password_at }: LoginRow): Hashes {
  if (next_password_hash === null) return { active: password_hash };
  const at = next_password_at ?? 0;
  return at <= now()
    ? { active: next_password_hash }
    : { active: password_hash, pending: { hash: next_password_hash, at } };
}

/**
 * Sets a new password, in force after PASSWORD_DELAY_MINUTES, and ends the login's sessions by a new epoch, which it
 * returns. The same change id again changes nothing more and returns the same epoch. Returns undefined if the session of
 * this epoch has been ended by another change meanwhile. `afterChange` runs in the same transaction.
 */
export async function changePassword(
  { id, epoch }: { id: number; epoch: number },
  passwordHash: string,
  changeId: string,
  afterChange: (trx: Queryable) => Promise<void>,
): Promise<number | undefined> {
  const login = await db<LoginRow>('logins').where({ id }).first();
  if (login?.last_change_id === changeId) return login.session_epoch;
  if (login?.session_epoch !== epoch) return undefined;

  const isChanged = await db.transaction(async (trx) => {
    const changed = await trx('logins')
      .where({ id, session_epoch: epoch })
      .update({
        password_hash: getHashes(login).active,
        next_password_hash: passwordHash,
        next_password_at: now() + config.PASSWORD_DELAY_MINUTES * 60_000,
        last_change_id: changeId,
        session_epoch: epoch + 1,
      });
    if (changed === 1) await afterChange(trx);
    return changed === 1;
  });
  // Another change came between, perhaps by the second click on the same button: look again.
  return isChanged ? epoch + 1 : changePassword({ id, epoch }, passwordHash, changeId, afterChange);
}

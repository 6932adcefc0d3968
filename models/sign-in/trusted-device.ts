import { hash, randomBytes } from 'node:crypto';
import { config } from '../../config';
import { now } from '../../lib/values/clock';
import { db, type Queryable } from '../../lib/database/db';
import { type DescribeEvent, findLastEventTime, writeAuditEvent } from './audit';

/** A row of the table `trusted_devices`: a browser that needs no verification code. Times in milliseconds. */
export interface TrustedDevice {
  id: number;
  login_id: number;
  token_hash: string;
  previous_hash: string | null;
  family_hash: string | null;
  session_digest: string;
  user_agent: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  stolen_at: number | null;
}

export interface DeviceUser {
  login_id: number;
  session_id: string;
  user_agent: string;
}

/** The token that the browser has to store, and its expiry in milliseconds. */
export interface DeviceToken {
  token: string;
  expires_at: number;
}

const DAY_MS = 86_400_000;
const MAX_TEXT_LENGTH = 200;
/** Characters of a token that all tokens of its device share: 144 bits, so nobody guesses them. */
const FAMILY_LENGTH = 24;

const hashToken = (token: string): string => hash('sha256', token);
const getFamily = (token: string): string => token.slice(0, FAMILY_LENGTH);
const createToken = (family = randomBytes(18).toString('base64url')): string =>
  family + randomBytes(32).toString('base64url');
const selectDevices = (on: Queryable = db) => on<TrustedDevice>('trusted_devices');
const selectUsable = (on: Queryable, loginId: number) =>
  selectDevices(on).where({ login_id: loginId, stolen_at: null }).where('expires_at', '>', now());

export async function trustDevice(
  { login_id, session_id, user_agent }: DeviceUser,
  describe: DescribeEvent,
): Promise<DeviceToken> {
  const token = createToken();
  const expires_at = now() + config.TRUSTED_DEVICE_DAYS * DAY_MS;
  await db.transaction(async (trx) => {
    await selectDevices(trx).insert({
      login_id,
      token_hash: hashToken(token),
      family_hash: hashToken(getFamily(token)),
      session_digest: hash('sha256', session_id),
      user_agent: user_agent.slice(0, MAX_TEXT_LENGTH),
      created_at: now(),
      last_used_at: now(),
      expires_at,
    });
    await writeAuditEvent(describe('device_trusted'), trx);
  });
  return { token, expires_at };
}

/** `next`: the token that replaces the one used; the same session's second page gets none. */
export type DeviceUse =
  | { result: 'trusted'; id: number; next?: DeviceToken }
  | { result: 'unknown' }
  | { result: 'stolen'; id: number };

/**
 * Looks whether the browser with this token is trusted. A token is valid once, and the result has the next one. Only the
 * session that used a token last may present it again, because its pages may be opened side by side. Any other use of an
 * old token means that it was stolen: the device is trusted no more, nor is what it verified.
 */
export function useDevice(token: string, user: DeviceUser, describe: DescribeEvent): Promise<DeviceUse> {
  const session_digest = hash('sha256', user.session_id);
  const token_hash = hashToken(token);
  const family_hash = hashToken(getFamily(token));
  return db.transaction(async (trx) => {
    const next = createToken(getFamily(token));
    const [used] = await selectUsable(trx, user.login_id)
      .where({ token_hash })
      .update({
        token_hash: hashToken(next),
        previous_hash: token_hash,
        family_hash,
        session_digest,
        user_agent: user.user_agent.slice(0, MAX_TEXT_LENGTH),
        last_used_at: now(),
      })
      .returning(['id', 'expires_at']);
    if (used) {
      await writeAuditEvent(describe('device_used', { device: used.id }), trx);
      return { result: 'trusted', id: used.id, next: { token: next, expires_at: used.expires_at } };
    }
    const again = await selectUsable(trx, user.login_id)
      .where((either) => either.where({ family_hash }).orWhere({ previous_hash: token_hash }))
      .first();
    if (!again) return { result: 'unknown' };
    const { id } = again;
    if (again.previous_hash === token_hash && again.session_digest === session_digest)
      return { result: 'trusted', id };
    await selectDevices(trx).where({ id }).update({ stolen_at: now() });
    await writeAuditEvent(describe('device_stolen', { device: id }), trx);
    return { result: 'stolen', id };
  });
}

/** For so long a customer who has not changed the password is told of a theft. */
const MAX_TOLD_MS = 30 * DAY_MS;

/**
 * When a stolen device was noticed (milliseconds), as a session that signed in later has to be told. The thief may sign in
 * first, so it is told until the password is changed, which needs a code.
 */
export async function findRecentTheft(login: string, signedInAt: number): Promise<number | undefined> {
  const stolenAt = await findLastEventTime(login, 'device_stolen');
  if (stolenAt === undefined || stolenAt > signedInAt || now() - stolenAt > MAX_TOLD_MS) return undefined;
  const changedAt = (await findLastEventTime(login, 'password_change')) ?? 0;
  return changedAt > stolenAt ? undefined : stolenAt;
}

/** A login's devices that are trusted, the last used first. */
export const listDevices = (loginId: number): Promise<TrustedDevice[]> =>
  selectUsable(db, loginId).orderBy('last_used_at', 'desc');

/** Customers who tick the box at every code leave a device behind each time; this deletes the expired ones. */
export async function deleteExpiredDevices(): Promise<void> {
  await selectDevices().where('expires_at', '<=', now()).delete();
}

export const matchesToken = (device: TrustedDevice, token: string): boolean =>
  device.token_hash === hashToken(token);

/** Revokes a device of the login. Returns whether there was such a device. */
export const revokeDevice = (loginId: number, id: number, describe: DescribeEvent): Promise<boolean> =>
  db.transaction(async (trx) => {
    const revoked = await selectUsable(trx, loginId).where({ id }).delete();
    if (revoked === 1) await writeAuditEvent(describe('device_revoked', { device: id }), trx);
    return revoked === 1;
  });

/** Revokes all devices, after a change or a reset of the password; `on` may be that transaction. */
export async function revokeDevices(loginId: number, on: Queryable = db): Promise<void> {
  await selectDevices(on).where({ login_id: loginId }).delete();
}

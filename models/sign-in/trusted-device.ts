import { hash, randomBytes } from 'node:crypto';
import { config } from '../../config';
import { now } from '../../lib/values/clock';
import { db, type Queryable } from '../../lib/database/db';

/** A row of the table `trusted_devices`: a browser that needs no verification code. Times in milliseconds. */
export interface TrustedDevice {
  id: number;
  account_id: number;
  token_hash: string;
  previous_hash: string | null;
  session_digest: string;
  user_agent: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
}

export interface DeviceUser {
  account_id: number;
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

const hashToken = (token: string): string => hash('sha256', token);
const createToken = (): string => randomBytes(32).toString('base64url');
const selectDevices = (on: Queryable = db) => on<TrustedDevice>('trusted_devices');

export async function trustDevice({ account_id, session_id, user_agent }: DeviceUser): Promise<DeviceToken> {
  const token = createToken();
  const expires_at = now() + config.TRUSTED_DEVICE_DAYS * DAY_MS;
  await selectDevices().insert({
    account_id,
    token_hash: hashToken(token),
    session_digest: hash('sha256', session_id),
    user_agent: user_agent.slice(0, MAX_TEXT_LENGTH),
    created_at: now(),
    last_used_at: now(),
    expires_at,
  });
  return { token, expires_at };
}

/**
 * Returns something if the browser with this token is trusted. A token is valid once: the result has the next one. Only
 * the session that used a token last may present it again, because its pages may be opened side by side; it gets no
 * next one. Reuse by another session means that the token was stolen, and the device is revoked.
 */
export async function useDevice(
  token: string,
  user: DeviceUser,
): Promise<{ next?: DeviceToken } | undefined> {
  const { account_id } = user;
  const session_digest = hash('sha256', user.session_id);
  const token_hash = hashToken(token);
  const next = createToken();
  const [used] = await selectDevices()
    .where({ account_id, token_hash })
    .where('expires_at', '>', now())
    .update({
      token_hash: hashToken(next),
      previous_hash: token_hash,
      session_digest,
      user_agent: user.user_agent.slice(0, MAX_TEXT_LENGTH),
      last_used_at: now(),
    })
    .returning('expires_at');
  if (used) return { next: { token: next, expires_at: used.expires_at } };
  const again = await selectDevices()
    .where({ account_id, previous_hash: token_hash, session_digest })
    .where('expires_at', '>', now())
    .first();
  if (!again) await selectDevices().where({ account_id, previous_hash: token_hash }).delete();
  return again && {};
}

/** An account's devices that have not expired, the last used first. */
export const listDevices = (accountId: number): Promise<TrustedDevice[]> =>
  selectDevices()
    .where({ account_id: accountId })
    .where('expires_at', '>', now())
    .orderBy('last_used_at', 'desc');

/** Customers who tick the box at every code leave a device behind each time; this deletes the expired ones. */
export async function deleteExpiredDevices(): Promise<void> {
  await selectDevices().where('expires_at', '<=', now()).delete();
}

export const matchesToken = (device: TrustedDevice, token: string): boolean =>
  device.token_hash === hashToken(token);

/** Revokes a device of the account. Returns whether there was such a device. */
export const revokeDevice = async (accountId: number, id: number): Promise<boolean> =>
  (await selectDevices().where({ account_id: accountId, id }).delete()) === 1;

/** Revokes all devices, after a change or a reset of the password; `on` may be that transaction. */
export async function revokeDevices(accountId: number, on: Queryable = db): Promise<void> {
  await selectDevices(on).where({ account_id: accountId }).delete();
}

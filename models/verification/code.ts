import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import { config } from '../../config';
import { now } from '../../lib/values/clock';
import type { ContactMethod } from './contact-method';
import { db, type Queryable } from '../../lib/database/db';
import { hashPassword, verifyPassword } from '../../lib/values/password-hash';
import { getSessionSecrets } from '../sign-in/session-secret';
import { countSend, getSendWait } from './send-limit';

/** A row of the table `verification_codes`. Times are milliseconds. */
export interface VerificationCode {
  id: number;
  login_id: number;
  request_id: string;
  session_digest: string;
  telephone: string;
  method: ContactMethod;
  code_hash: string;
  sealed_code: string | null;
  live: boolean;
  tries: number;
  state: 'queued' | 'sending' | 'sent' | 'delivered' | 'failed';
  failure: string | null;
  gateway_id: string | null;
  requested_at: number;
  sending_at: number | null;
  expires_at: number;
}

/** The owner of a code, which is valid for this login in this session only. */
export interface CodeOwner {
  login_id: number;
  session_id: string;
}

export interface CodeRequest extends CodeOwner {
  /** The submission id of the form, so that a double click sends one code. */
  request_id: string;
  telephone: string;
  method: ContactMethod;
}

/** `already_used`: another request with the same code was faster. `left`: tries that remain. */
export type CodeOutcome =
  | { result: 'accepted' }
  | { result: 'already_used' }
  | { result: 'rejected'; left: number }
  | { result: 'expired' }
  | { result: 'invalidated' };

const MAX_TRIES = 5;

const selectCodes = () => db<VerificationCode>('verification_codes');

/**
 * Creates a code, which replaces the login's previous one. Returns its id for `enqueueSend`, or the milliseconds to
 * wait if too many have been sent, or neither if the same form has been submitted before. `onCreated` runs in the
 * transaction that makes the code valid.
 */
export async function requestCode(
  request: CodeRequest,
  onCreated: OnCreated = () => Promise.resolve(),
): Promise<{ id?: number; wait?: number }> {
  const { login_id, request_id } = request;
  if (await selectCodes().where({ login_id, request_id }).first()) return {};
  const waitNow = await getSendWait(request);
  if (waitNow > 0) return { wait: waitNow };
  const id = await addCode(request);
  if (id === undefined) return {};
  const wait = await countSend(request).catch(async (error: unknown) => {
    await selectCodes().where({ id }).delete();
    throw error;
  });
  if (wait > 0) await selectCodes().where({ id }).delete();
  else await activateCode(id, login_id, onCreated);
  return wait > 0 ? { wait } : { id };
}

async function addCode({ session_id, ...request }: CodeRequest): Promise<number | undefined> {
  const code = randomInt(1_000_000).toString().padStart(6, '0');
  const row = {
    ...request,
    // Session ids are secrets: the database knows their digests.
    session_digest: hash('sha256', session_id),
    code_hash: await hashPassword(code),
    sealed_code: encryptCode(code, request.request_id),
    live: false,
    state: 'queued' as const,
    requested_at: now(),
    expires_at: now() + config.VERIFICATION_CODE_MINUTES * 60_000,
  };
  const [added] = await selectCodes()
    .insert(row)
    .onConflict(['login_id', 'request_id'])
    .ignore()
    .returning('id');
  return added?.id;
}

type OnCreated = (id: number, trx: Queryable) => Promise<void>;

async function activateCode(id: number, login_id: number, onCreated: OnCreated): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('verification_codes')
      .where({ login_id, live: true })
      .update({ live: false, sealed_code: null });
    await trx('verification_codes').where({ id }).update({ live: true });
    await onCreated(id, trx);
  });
}

/** Finds the newest code that this session requested, whether it is valid or not. */
export const findCode = ({ login_id, session_id }: CodeOwner): Promise<VerificationCode | undefined> =>
  selectCodes()
    .where({ login_id, session_digest: hash('sha256', session_id) })
    .orderBy('id', 'desc')
    .first();

/** Accepts a code at most once. A try is counted before the digits are compared; five wrong ones invalidate the code. */
export async function checkCode(owner: CodeOwner, code: string): Promise<CodeOutcome> {
  const row = await findCode(owner);
  if (!row?.live) return { result: 'invalidated' };
  if (row.expires_at <= now()) return { result: 'expired' };
  const { id } = row;
  const [counted] = await selectCodes()
    .where({ id, live: true })
    .where('tries', '<', MAX_TRIES)
    .increment('tries', 1)
    .returning('tries');
  if (!counted) return { result: 'invalidated' };
  if (!(await verifyPassword(row.code_hash, code)))
    return { result: 'rejected', left: MAX_TRIES - counted.tries };
  const used = await selectCodes().where({ id, live: true }).update({ live: false, sealed_code: null });
  return used === 1 ? { result: 'accepted' } : { result: 'already_used' };
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const deriveKey = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'meisai verification code', 32));

/** Encrypts a code for its way to the worker, bound to its request: in another row it cannot be decrypted. */
export function encryptCode(code: string, requestId: string): string {
  const [secret = ''] = getSessionSecrets();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, deriveKey(secret), iv).setAAD(Buffer.from(requestId));
  const sealed = Buffer.concat([cipher.update(code, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws Error if none of the session secrets decrypts it */
export function decryptCode(sealed: string, requestId: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  for (const secret of getSessionSecrets()) {
    const code = tryDecrypt(bytes, deriveKey(secret), requestId);
    if (code !== undefined) return code;
  }
  throw new Error('The sealed code opens with no secret of this program');
}

function tryDecrypt(bytes: Buffer, key: Buffer, requestId: string): string | undefined {
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(requestId))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([
      decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString();
  } catch {
    return undefined;
  }
}

import { createHash, randomInt } from 'node:crypto';
import { config } from '../../config';
import { now } from '../../lib/values/clock';
import type { ContactMethod } from './contact-method';
import { db } from '../../lib/database/db';
import { hashPassword, verifyPassword } from '../sign-in/password-hash';
import { sealDigits } from './encrypt-code';
import { countSend, waitBySends } from './send-limit';

/** A row of the table `verification_codes`. Times in milliseconds. */
export interface VerificationCode {
  id: number;
  account_id: number;
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

/** Whose code it is: it is good for this account in this session only. */
export interface CodeOwner {
  account_id: number;
  session_id: string;
}

export interface CodeRequest extends CodeOwner {
  /** Of the form that was sent. */
  request_id: string;
  telephone: string;
  method: ContactMethod;
}

/** `used`: another request with the same right digits was quicker. `left`: tries that remain. */
export type CodeOutcome =
  | { word: 'right' }
  | { word: 'used' }
  | { word: 'wrong'; left: number }
  | { word: 'expired' }
  | { word: 'void' };

const MOST_TRIES = 5;

/** Session ids are secrets: the database knows their digests. */
export const sessionDigest = (sessionId: string): string =>
  createHash('sha256').update(sessionId).digest('hex');

const codes = () => db<VerificationCode>('verification_codes');

/**
 * Makes a code, in place of the account's one before. Gives its id, the milliseconds to wait where too many have been
 * sent, or neither where the same form has been sent before.
 */
export async function requestCode(request: CodeRequest): Promise<{ id?: number; wait?: number }> {
  const { account_id, request_id } = request;
  if (await codes().where({ account_id, request_id }).first()) return {};
  const waitNow = await waitBySends(request);
  if (waitNow > 0) return { wait: waitNow };
  const id = await addCode(request);
  if (id === undefined) return {};
  const wait = await countSend(request).catch(async (error: unknown) => {
    await codes().where({ id }).delete();
    throw error;
  });
  if (wait > 0) await codes().where({ id }).delete();
  else await putInForce(id, account_id);
  return wait > 0 ? { wait } : { id };
}

async function addCode({ session_id, ...request }: CodeRequest): Promise<number | undefined> {
  const digits = randomInt(1_000_000).toString().padStart(6, '0');
  const row = {
    ...request,
    session_digest: sessionDigest(session_id),
    code_hash: await hashPassword(digits),
    sealed_code: sealDigits(digits, request.request_id),
    live: false,
    state: 'queued' as const,
    requested_at: now(),
    expires_at: now() + config.CODE_MINUTES * 60_000,
  };
  const [added] = await codes().insert(row).onConflict(['account_id', 'request_id']).ignore().returning('id');
  return added?.id;
}

async function putInForce(id: number, account_id: number): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('verification_codes')
      .where({ account_id, live: true })
      .update({ live: false, sealed_code: null });
    await trx('verification_codes').where({ id }).update({ live: true });
  });
}

/** The newest code that this session asked for, whether it is good or not. */
export const findCode = ({ account_id, session_id }: CodeOwner): Promise<VerificationCode | undefined> =>
  codes()
    .where({ account_id, session_digest: sessionDigest(session_id) })
    .orderBy('id', 'desc')
    .first();

/** Right at most once a code. A try is counted before the digits are compared; five wrong ones void the code. */
export async function tryCode(owner: CodeOwner, digits: string): Promise<CodeOutcome> {
  const code = await findCode(owner);
  if (!code?.live) return { word: 'void' };
  if (code.expires_at <= now()) return { word: 'expired' };
  const { id } = code;
  const [counted] = await codes()
    .where({ id, live: true })
    .where('tries', '<', MOST_TRIES)
    .increment('tries', 1)
    .returning('tries');
  if (!counted) return { word: 'void' };
  if (!(await verifyPassword(code.code_hash, digits)))
    return { word: 'wrong', left: MOST_TRIES - counted.tries };
  const used = await codes().where({ id, live: true }).update({ live: false, sealed_code: null });
  return used === 1 ? { word: 'right' } : { word: 'used' };
}

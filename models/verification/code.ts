import { createHash, randomInt } from 'node:crypto';
import { config } from '../../config';
import { now } from '../../lib/values/clock';
import type { ContactMethod } from './contact-method';
import { db } from '../../lib/database/db';
import { hashPassword, verifyPassword } from '../../lib/values/password-hash';
import { encryptCode } from './encrypt-code';
import { countSend, getSendWait } from './send-limit';

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

const MAX_TRIES = 5;

/** Session ids are secrets: the database knows their digests. */
export const digestSessionId = (sessionId: string): string =>
  createHash('sha256').update(sessionId).digest('hex');

const selectCodes = () => db<VerificationCode>('verification_codes');

/**
 * Makes a code, in place of the account's one before. Gives its id, the milliseconds to wait where too many have been
 * sent, or neither where the same form has been sent before.
 */
export async function requestCode(request: CodeRequest): Promise<{ id?: number; wait?: number }> {
  const { account_id, request_id } = request;
  if (await selectCodes().where({ account_id, request_id }).first()) return {};
  const waitNow = await getSendWait(request);
  if (waitNow > 0) return { wait: waitNow };
  const id = await addCode(request);
  if (id === undefined) return {};
  const wait = await countSend(request).catch(async (error: unknown) => {
    await selectCodes().where({ id }).delete();
    throw error;
  });
  if (wait > 0) await selectCodes().where({ id }).delete();
  else await activateCode(id, account_id);
  return wait > 0 ? { wait } : { id };
}

async function addCode({ session_id, ...request }: CodeRequest): Promise<number | undefined> {
  const code = randomInt(1_000_000).toString().padStart(6, '0');
  const row = {
    ...request,
    session_digest: digestSessionId(session_id),
    code_hash: await hashPassword(code),
    sealed_code: encryptCode(code, request.request_id),
    live: false,
    state: 'queued' as const,
    requested_at: now(),
    expires_at: now() + config.CODE_MINUTES * 60_000,
  };
  const [added] = await selectCodes()
    .insert(row)
    .onConflict(['account_id', 'request_id'])
    .ignore()
    .returning('id');
  return added?.id;
}

async function activateCode(id: number, account_id: number): Promise<void> {
  await db.transaction(async (trx) => {
    await trx('verification_codes')
      .where({ account_id, live: true })
      .update({ live: false, sealed_code: null });
    await trx('verification_codes').where({ id }).update({ live: true });
  });
}

/** The newest code that this session asked for, whether it is good or not. */
export const findCode = ({ account_id, session_id }: CodeOwner): Promise<VerificationCode | undefined> =>
  selectCodes()
    .where({ account_id, session_digest: digestSessionId(session_id) })
    .orderBy('id', 'desc')
    .first();

/** Right at most once a code. A try is counted before the digits are compared; five wrong ones void the code. */
export async function checkCode(owner: CodeOwner, code: string): Promise<CodeOutcome> {
  const row = await findCode(owner);
  if (!row?.live) return { word: 'void' };
  if (row.expires_at <= now()) return { word: 'expired' };
  const { id } = row;
  const [counted] = await selectCodes()
    .where({ id, live: true })
    .where('tries', '<', MAX_TRIES)
    .increment('tries', 1)
    .returning('tries');
  if (!counted) return { word: 'void' };
  if (!(await verifyPassword(row.code_hash, code))) return { word: 'wrong', left: MAX_TRIES - counted.tries };
  const used = await selectCodes().where({ id, live: true }).update({ live: false, sealed_code: null });
  return used === 1 ? { word: 'right' } : { word: 'used' };
}

import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { enqueueSend } from '../../../jobs/verification-codes/queue';
import type { ContactMethod } from '../../../models/verification/contact-method';
import { requestCode } from '../../../models/verification/code';
import { recordEvent } from '../../sign-in';
import { getCodeOwner } from './progress';
import { formatWait } from './wait-label';

/** Of a form that sends: the same one twice sends once. */
export const submissionField = z.uuid().catch(() => randomUUID());

export interface Refusal {
  /** For the page. */
  message: string;
  /** For Retry-After. */
  seconds: number;
}

/** Has a code sent, unless too many have been. */
export async function requestVerificationCode(
  req: Request,
  telephone: string,
  method: ContactMethod,
  request_id: string,
): Promise<Refusal | undefined> {
  const { id, wait } = await requestCode({ ...getCodeOwner(req), request_id, telephone, method });
  if (wait !== undefined) {
    await recordEvent(req, 'code_refused', { method });
    const message = `認証番号は続けて送信できません。${formatWait(wait)}後に、もう一度お試しください`;
    return { message, seconds: Math.ceil(wait / 1000) };
  }
  if (id !== undefined) {
    await recordEvent(req, 'code_request', { code: id, method });
    await enqueueSend(id);
  }
  return undefined;
}

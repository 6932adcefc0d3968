import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { config } from '../../../config';
import { readOutboxCode } from '../../../models/verification/outbox';
import type { VerificationCode } from '../../../models/verification/code';
import type { FieldErrors } from '../../form';

declare module 'express-serve-static-core' {
  interface Locals {
    /** The code that the third step is about. */
    code?: VerificationCode;
  }
}

export function getRequestedCode(res: Response): VerificationCode {
  if (!res.locals.code) throw new Error('No code has been asked for');
  return res.locals.code;
}

/** What the page says of the message; `isOver` where no more is to come. */
export interface DeliveryStatus {
  words: string;
  tag: '' | 'tag-good' | 'tag-must';
  isOver: boolean;
}

const SENDING: DeliveryStatus = { words: '送信しています', tag: '', isOver: false };
const SENT: DeliveryStatus = { words: '送信しました', tag: 'tag-good', isOver: false };
const FAILED = '送信できませんでした。別の方法をお選びください';

const DELIVERY_STATUSES: Record<VerificationCode['state'], DeliveryStatus> = {
  queued: SENDING,
  sending: SENDING,
  sent: SENT,
  delivered: { ...SENT, isOver: true },
  failed: { words: FAILED, tag: 'tag-must', isOver: true },
};

export const getDeliveryStatus = (code: VerificationCode): DeliveryStatus => DELIVERY_STATUSES[code.state];

/** What came of a form: one message a field, a sentence, and whether the box was ticked. */
interface CodePageState {
  errors?: FieldErrors;
  notice?: string;
  trust?: boolean;
}

export async function renderCodePage(
  res: Response,
  { errors = {}, notice = '', trust = false }: CodePageState = {},
): Promise<void> {
  const code = getRequestedCode(res);
  res.render('mypage/verification/code', {
    telephone: code.telephone,
    delivery: getDeliveryStatus(code),
    devCode: await readOutboxCode(code.id),
    submission: randomUUID(),
    minutes: config.CODE_MINUTES,
    sender: config.CODE_SENDER,
    errors,
    notice,
    trust,
  });
}

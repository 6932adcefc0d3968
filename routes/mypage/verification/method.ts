import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { config } from '../../../config';
import { enqueueSend } from '../../../jobs/verification-codes/queue';
import { waitLabel } from '../../../lib/values/format';
import { requestCode } from '../../../models/verification/code';
import { type ContactMethod, listContactMethods } from '../../../models/verification/contact-method';
import { readForm } from '../../form';
import { writeAuditEvent } from '../../../models/sign-in/audit';
import { getEventDescriber, recordEvent } from '../../sign-in';
import {
  getCodeOwner,
  getTypedNumber,
  redirectToCurrentStep,
  type TypedNumber,
  VERIFICATION,
} from './progress';

/** The second factor, step 2 of 3: the customer chooses how the code comes, and requests it. */
export const methodRouter = Router();

methodRouter.use(async (req, res, next) => {
  if (getTypedNumber(req)) next();
  else await redirectToCurrentStep(req, res);
});

methodRouter.get('/', (req, res) => {
  renderMethod(req, res);
});

methodRouter.post('/', async (req, res) => {
  const { telephone } = requireTypedNumber(req);
  const posted = await readForm(buildForm(telephone), req.body);
  if (!posted.ok) {
    renderMethod(req, res.status(422), { errors: posted.errors });
    return;
  }
  const { method, submission } = posted.data;
  const refusal = await requestVerificationCode(req, telephone, method, submission);
  if (!refusal) res.redirect(303, `${VERIFICATION}/code`);
  else
    renderMethod(req, res.status(429).set('Retry-After', String(refusal.seconds)), {
      method,
      notice: refusal.message,
    });
});

/** Refuses a method that the number cannot take, whatever the page offered. */
const buildForm = (telephone: string) =>
  z.object({
    method: z
      .enum<ContactMethod[]>(['sms', 'voice'], 'ご連絡方法を選択してください')
      .refine((method) => listContactMethods(telephone).includes(method), 'ご連絡方法を選択してください'),
    submission: submissionField,
  });

function requireTypedNumber(req: Request): TypedNumber {
  const number = getTypedNumber(req);
  if (!number) throw new Error('No number has been typed');
  return number;
}

function renderMethod(req: Request, res: Response, more: object = {}): void {
  const { telephone, typed } = requireTypedNumber(req);
  res.render('mypage/verification/method', {
    typed,
    methods: listContactMethods(telephone),
    method: undefined,
    submission: randomUUID(),
    minutes: config.VERIFICATION_CODE_MINUTES,
    sender: config.VERIFICATION_SENDER_NUMBER,
    errors: {},
    notice: '',
    ...more,
  });
}

/** The submission id of a form that requests a code: the same one twice sends one code. */
export const submissionField = z.uuid().catch(() => randomUUID());

export interface Refusal {
  /** The page's message. */
  message: string;
  /** The value of Retry-After. */
  seconds: number;
}

/** Requests a code and has it sent, unless too many have been. Step 3 uses it to send another. */
export async function requestVerificationCode(
  req: Request,
  telephone: string,
  method: ContactMethod,
  request_id: string,
): Promise<Refusal | undefined> {
  const { id, wait } = await requestCode(
    { ...getCodeOwner(req), request_id, telephone, method },
    (code, trx) => writeAuditEvent(getEventDescriber(req)('code_request', { code, method }), trx),
  );
  if (wait !== undefined) {
    await recordEvent(req, 'code_refused', { method });
    const message = `認証番号は続けて送信できません。${waitLabel(wait)}後に、もう一度お試しください`;
    return { message, seconds: Math.ceil(wait / 1000) };
  }
  if (id !== undefined) await enqueueSend(id);
  return undefined;
}

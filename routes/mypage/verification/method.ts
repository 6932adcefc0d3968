import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { config } from '../../../config';
import { type ContactMethod, listContactMethods } from '../../../models/verification/contact-method';
import { readForm } from '../../form';
import { redirectToCurrentStep, type TypedNumber, getTypedNumber, VERIFICATION } from './progress';
import { requestVerificationCode, submissionField } from './send';

/** The second factor, step 2 of 3: how the code comes. */
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

/** What the number cannot take is refused, whatever the page offered. */
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
    minutes: config.CODE_MINUTES,
    sender: config.CODE_SENDER,
    errors: {},
    notice: '',
    ...more,
  });
}

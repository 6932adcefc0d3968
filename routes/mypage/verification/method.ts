import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { config } from '../../../config';
import { type ContactMethod, methodsFor } from '../../../models/verification/contact-method';
import { readForm } from '../../form';
import { leadToStep, type TypedNumber, typedNumber, VERIFICATION } from './progress';
import { askForCode, submissionField } from './send';

/** The second factor, step 2 of 3: how the code comes. */
export const methodRouter = Router();

methodRouter.use(async (req, res, next) => {
  if (typedNumber(req)) next();
  else await leadToStep(req, res);
});

methodRouter.get('/', (req, res) => {
  show(req, res);
});

methodRouter.post('/', async (req, res) => {
  const { telephone } = numberOf(req);
  const posted = await readForm(form(telephone), req.body);
  if (!posted.ok) {
    show(req, res.status(422), { errors: posted.errors });
    return;
  }
  const { method, submission } = posted.data;
  const refusal = await askForCode(req, telephone, method, submission);
  if (!refusal) res.redirect(303, `${VERIFICATION}/code`);
  else
    show(req, res.status(429).set('Retry-After', String(refusal.seconds)), {
      method,
      notice: refusal.message,
    });
});

/** What the number cannot take is refused, whatever the page offered. */
const form = (telephone: string) =>
  z.object({
    method: z
      .enum<ContactMethod[]>(['sms', 'voice'], 'ご連絡方法を選択してください')
      .refine((method) => methodsFor(telephone).includes(method), 'ご連絡方法を選択してください'),
    submission: submissionField,
  });

function numberOf(req: Request): TypedNumber {
  const number = typedNumber(req);
  if (!number) throw new Error('No number has been typed');
  return number;
}

function show(req: Request, res: Response, more: object = {}): void {
  const { telephone, typed } = numberOf(req);
  res.render('mypage/verification/method', {
    typed,
    methods: methodsFor(telephone),
    method: undefined,
    submission: randomUUID(),
    minutes: config.CODE_MINUTES,
    sender: config.CODE_SENDER,
    errors: {},
    notice: '',
    ...more,
  });
}

import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { isContactNumber } from '../../models/verification/contact-number';
import { TooManyTries } from '../../models/sign-in/rate-limit';
import { normaliseTelephone } from '../../models/phone-number/parse-phone-number';
import { recordEvent } from '../audit';
import { type FieldErrors, readForm, typedValues, type Values } from '../form';
import { memberOf } from './member';
import { codeRouter } from './verification/code';
import { skipByDevice } from './verification/device-cookie';
import { methodRouter } from './verification/method';
import { keepNumber, leadVerifiedOn, VERIFICATION } from './verification/progress';
import { waitLabel } from './verification/wait-label';

/** The second factor, step 1 of 3: the customer types the registered contact number. */
export const verificationRouter = Router();

const LONGEST = 40;
const ASK = '連絡先電話番号を入力してください';
const WRONG = 'ご登録の連絡先電話番号と一致しません';

const form = z.object({ number: z.string(ASK).trim().min(1, ASK).max(LONGEST, WRONG) });

verificationRouter.use(leadVerifiedOn, skipByDevice);
verificationRouter.use('/method', methodRouter);
verificationRouter.use('/code', codeRouter);

verificationRouter.get('/', (_req, res) => {
  show(res);
});

verificationRouter.post('/', async (req, res) => {
  const posted = await readForm(form, req.body);
  if (!posted.ok) {
    show(res.status(422), posted.values, posted.errors);
    return;
  }
  const { number } = posted.data;
  if (await isRegistered(req, number)) {
    keepNumber(req, { telephone: normaliseTelephone(number).digits ?? '', typed: number });
    res.redirect(303, `${VERIFICATION}/method`);
  } else show(res.status(422), { number }, { number: WRONG });
});

const tooManyNumbers: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (error instanceof TooManyTries) {
    const wait = waitLabel(error.seconds * 1000);
    const message = `連絡先電話番号の誤りが続いたため、受付を停止しています。${wait}後に、もう一度お試しください`;
    show(res.status(429).set('Retry-After', String(error.seconds)), typedValues(req.body), {
      number: message,
    });
  } else next(error);
};
verificationRouter.use(tooManyNumbers);

async function isRegistered(req: Request, number: string): Promise<boolean> {
  const { account_id, contact_number } = memberOf(req);
  const { isRight, isLast } = await isContactNumber(account_id, contact_number, number);
  if (!isRight) await recordEvent(req, isLast ? 'contact_locked' : 'contact_wrong');
  return isRight;
}

function show(res: Response, values: Values = {}, errors: FieldErrors = {}): void {
  res.render('mypage/verification/start', { values: { number: '', ...values }, errors });
}

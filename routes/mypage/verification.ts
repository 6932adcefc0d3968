import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { waitLabel } from '../../lib/values/format';
import { checkContactNumber } from '../../models/verification/contact-number';
import { normaliseTelephone } from '../../models/phone-number/parse-phone-number';
import { type FieldErrors, readForm, safeFormValues, type FormValues } from '../form';
import { handleRateLimit } from '../middleware/errors';
import { identifyVisitor } from '../known-browser';
import { currentUser } from '../require-login';
import { recordEvent } from '../sign-in';
import { codeRouter } from './verification/code';
import { skipIfTrustedDevice } from './verification/device-cookie';
import { methodRouter } from './verification/method';
import { saveTypedNumber, skipIfVerified, VERIFICATION } from './verification/progress';

/** The second factor, step 1 of 3: the customer types the registered contact number. */
export const verificationRouter = Router();

const MAX_LENGTH = 40;
const ASK = '連絡先電話番号を入力してください';
const WRONG = 'ご登録の連絡先電話番号と一致しません';

const form = z.object({ number: z.string(ASK).trim().min(1, ASK).max(MAX_LENGTH, WRONG) });

verificationRouter.use(skipIfVerified, skipIfTrustedDevice);
verificationRouter.use('/method', methodRouter);
verificationRouter.use('/code', codeRouter);

verificationRouter.get('/', (_req, res) => {
  renderStart(res);
});

verificationRouter.post('/', async (req, res) => {
  const posted = await readForm(form, req.body);
  if (!posted.ok) {
    renderStart(res.status(422), posted.values, posted.errors);
    return;
  }
  const { number } = posted.data;
  if (await checkRegisteredNumber(req, number)) {
    saveTypedNumber(req, { telephone: normaliseTelephone(number).digits ?? '', typed: number });
    res.redirect(303, `${VERIFICATION}/method`);
  } else renderStart(res.status(422), { number }, { number: WRONG });
});

verificationRouter.use(
  handleRateLimit((req, res, { seconds }) => {
    const wait = waitLabel(seconds * 1000);
    const message = `連絡先電話番号の誤りが続いたため、受付を停止しています。${wait}後に、もう一度お試しください`;
    renderStart(res, safeFormValues(req.body), { number: message });
  }),
);

async function checkRegisteredNumber(req: Request, number: string): Promise<boolean> {
  const user = currentUser(req, 'mypage');
  const visitor = await identifyVisitor(req, 'contact-number', user.login);
  const { isRight, isLast } = await checkContactNumber(user, number, visitor, () =>
    recordEvent(req, 'browsers_shut_out'),
  );
  if (!isRight) await recordEvent(req, isLast ? 'contact_locked' : 'contact_wrong');
  return isRight;
}

function renderStart(res: Response, values: FormValues = {}, errors: FieldErrors = {}): void {
  res.render('mypage/verification/start', { values: { number: '', ...values }, errors });
}

import { type NextFunction, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { now } from '../../../lib/values/clock';
import { type CodeOutcome, checkCode } from '../../../models/verification/code';
import { readForm } from '../../form';
import { changeSessionId, recordEvent } from '../../sign-in';
import { getRequestedCode, getDeliveryStatus, renderCodePage } from './code-page';
import { rememberDevice } from './device-cookie';
import {
  findRequestedCode,
  getCodeOwner,
  redirectToCurrentStep,
  getTargetPath,
  setVerified,
  VERIFICATION,
} from './progress';
import { requestVerificationCode, submissionField } from './send';

/** The second factor, step 3 of 3: the code. */
export const codeRouter = Router();

const ASK = '認証番号は6桁の数字で入力してください';

const form = z.object({
  code: z
    .string(ASK)
    .transform((text) => text.normalize('NFKC').replace(/[\s\p{Cf}-]/gu, ''))
    .pipe(z.string().regex(/^\d{6}$/, ASK)),
  trust: z.literal('1').optional().catch(undefined),
});

codeRouter.use(async (req: Request, res: Response, next: NextFunction) => {
  res.locals.code = await findRequestedCode(req);
  if (res.locals.code) next();
  else await redirectToCurrentStep(req, res);
});

codeRouter.get('/', async (_req, res) => {
  await renderCodePage(res);
});

/** For the page's script: what became of the message. */
codeRouter.get('/delivery', (_req, res) => {
  res.json(getDeliveryStatus(getRequestedCode(res)));
});

codeRouter.post('/', async (req, res) => {
  const posted = await readForm(form, req.body);
  if (!posted.ok) {
    await renderCodePage(res.status(422), { errors: posted.errors, trust: posted.values.trust === '1' });
    return;
  }
  const { code, trust } = posted.data;
  const outcome = await checkCode(getCodeOwner(req), code);
  if (outcome.word === 'right') await completeVerification(req, res, trust !== undefined);
  else if (outcome.word === 'used') res.redirect(303, getTargetPath(req));
  else {
    await recordEvent(req, 'code_wrong', outcome);
    await renderCodePage(res.status(422), {
      errors: { code: toErrorMessage(outcome) },
      trust: trust !== undefined,
    });
  }
});

/** Where a refusal leaves the address bar. */
codeRouter.get('/resend', redirectToCurrentStep);

codeRouter.post('/resend', async (req, res) => {
  const { submission } = z.object({ submission: submissionField }).parse(req.body ?? {});
  const { telephone, method } = getRequestedCode(res);
  const refusal = await requestVerificationCode(req, telephone, method, submission);
  if (!refusal) res.redirect(303, `${VERIFICATION}/code`);
  else
    await renderCodePage(res.status(429).set('Retry-After', String(refusal.seconds)), {
      notice: refusal.message,
    });
});

async function completeVerification(req: Request, res: Response, isTrusted: boolean): Promise<void> {
  const target = getTargetPath(req);
  await changeSessionId(req);
  setVerified(req, now());
  req.session.wizards = { ...req.session.wizards, verification: undefined };
  await recordEvent(req, 'verified');
  if (isTrusted) await rememberDevice(req, res);
  res.redirect(303, target);
}

function toErrorMessage(outcome: CodeOutcome): string {
  if (outcome.word === 'expired') return '認証番号の有効時間が過ぎました。「再通知する」を押してください';
  if (outcome.word === 'wrong' && outcome.left > 0)
    return `認証番号が正しくありません(あと${outcome.left}回入力できます)`;
  return '認証番号が正しくありません。この認証番号は使えなくなりました。「再通知する」を押してください';
}

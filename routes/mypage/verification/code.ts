import { randomUUID } from 'node:crypto';
import { type NextFunction, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { config } from '../../../config';
import { waitLabel } from '../../../lib/values/format';
import { type AttemptResult, withAttemptLimit } from '../../../models/sign-in/attempt-limit';
import { findLoginByName } from '../../../models/sign-in/login';
import { checkCode, type CodeOutcome, type VerificationCode } from '../../../models/verification/code';
import { readOutboxCode } from '../../../models/verification/outbox';
import { type FieldErrors, readForm } from '../../form';
import { identifyVisitor, rememberBrowser } from '../../known-browser';
import { handleRateLimit } from '../../middleware/errors';
import { currentUser } from '../../require-login';
import { changeSessionId, mayChangeFactors, recordEvent } from '../../sign-in';
import { rememberDevice } from './device-cookie';
import {
  findRequestedCode,
  getCodeOwner,
  redirectToCurrentStep,
  getTargetPath,
  setVerified,
  VERIFICATION,
} from './progress';
import { requestVerificationCode, submissionField } from './method';

declare module 'express-serve-static-core' {
  interface Locals {
    /** The code that step 3 is about. */
    code?: VerificationCode;
  }
}

/** The second factor, step 3 of 3: the customer types the code. */
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

/** Tells the page's script what became of the message. */
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
  const outcome = await tryCode(req, code);
  if (outcome.result === 'accepted') await completeVerification(req, res, trust !== undefined);
  else if (outcome.result === 'already_used') res.redirect(303, getTargetPath(req));
  else {
    await recordEvent(req, 'code_wrong', toAuditDetail(outcome));
    await renderCodePage(res.status(422), {
      errors: { code: toErrorMessage(outcome) },
      trust: trust !== undefined,
    });
  }
});

/** Reloading after a refused resend sends a GET here. */
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

/** Rate-limits wrong codes: five of them void one code, and there may be several. */
async function tryCode(req: Request, code: string): Promise<CodeOutcome> {
  const { login } = currentUser(req, 'mypage');
  const { result } = await withAttemptLimit({
    kind: 'code',
    visitor: await identifyVisitor(req, 'code', login),
    check: () => checkCode(getCodeOwner(req), code),
    judge: (outcome) => CODE_JUDGEMENTS[outcome.result],
    onShutOut: () => recordEvent(req, 'browsers_shut_out'),
  });
  return result;
}

/** A code that is void or has expired is not compared. */
const CODE_JUDGEMENTS: Record<CodeOutcome['result'], AttemptResult> = {
  accepted: 'right',
  already_used: 'right',
  rejected: 'wrong',
  expired: 'void',
  invalidated: 'void',
};

codeRouter.use(
  handleRateLimit(async (_req, res, { seconds }) => {
    const wait = waitLabel(seconds * 1000);
    const message = `認証番号の誤りが続いたため、受付を停止しています。${wait}後に、もう一度お試しください`;
    await renderCodePage(res, { errors: { code: message } });
  }),
);

async function completeVerification(req: Request, res: Response, isTrusted: boolean): Promise<void> {
  const target = getTargetPath(req);
  if (!(await changeSessionId(req))) {
    res.redirect(303, target);
    return;
  }
  setVerified(req, 'code');
  req.session.wizards = { ...req.session.wizards, verification: undefined };
  await rememberVerifiedBrowser(req, res);
  await recordEvent(req, 'verified');
  if (isTrusted && mayChangeFactors(req, 'mypage')) await rememberDevice(req, res);
  res.redirect(303, target);
}

/** From now on an attack elsewhere cannot keep this browser from its second factor. */
async function rememberVerifiedBrowser(req: Request, res: Response): Promise<void> {
  const login = await findLoginByName(currentUser(req, 'mypage').login);
  if (login) rememberBrowser(req, res, login, true);
}

type CodeFailure = Exclude<CodeOutcome, { result: 'accepted' | 'already_used' }>;

/** The words that the audit log has stored since its beginning. */
const AUDIT_WORDS = { rejected: 'wrong', expired: 'expired', invalidated: 'void' };

const toAuditDetail = ({ result, ...left }: CodeFailure) => ({ word: AUDIT_WORDS[result], ...left });

function toErrorMessage(outcome: CodeFailure): string {
  if (outcome.result === 'expired') return '認証番号の有効時間が過ぎました。「再通知する」を押してください';
  if (outcome.result === 'rejected' && outcome.left > 0)
    return `認証番号が正しくありません(あと${outcome.left}回入力できます)`;
  return '認証番号が正しくありません。この認証番号は使えなくなりました。「再通知する」を押してください';
}

function getRequestedCode(res: Response): VerificationCode {
  if (!res.locals.code) throw new Error('No code has been asked for');
  return res.locals.code;
}

/** The page's words about the message; `isOver` if they are final. */
interface DeliveryStatus {
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

const getDeliveryStatus = (code: VerificationCode): DeliveryStatus => DELIVERY_STATUSES[code.state];

/** The result of a form: one message a field, a sentence, and whether the box was ticked. */
interface CodePageState {
  errors?: FieldErrors;
  notice?: string;
  trust?: boolean;
}

async function renderCodePage(
  res: Response,
  { errors = {}, notice = '', trust = false }: CodePageState = {},
): Promise<void> {
  const code = getRequestedCode(res);
  res.render('mypage/verification/code', {
    telephone: code.telephone,
    delivery: getDeliveryStatus(code),
    devCode: await readOutboxCode(code.id),
    submission: randomUUID(),
    minutes: config.VERIFICATION_CODE_MINUTES,
    sender: config.VERIFICATION_SENDER_NUMBER,
    errors,
    notice,
    trust,
    mayTrust: mayChangeFactors(res.req, 'mypage'),
  });
}

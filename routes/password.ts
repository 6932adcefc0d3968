import { type Request, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { config } from '../config';
import type { Queryable } from '../lib/database/db';
import { hashPassword } from '../lib/values/password-hash';
import type { Area } from '../models/sign-in/area';
import { withAttemptLimit } from '../models/sign-in/attempt-limit';
import { changePassword, hasPendingPassword, verifyPasswordForChange } from '../models/sign-in/login';
import {
  myPagePasswordRule,
  type PasswordRule,
  selfPagePasswordRule,
} from '../models/sign-in/password-policy';
import { writeAuditEvent } from '../models/sign-in/audit';
import { revokeDevices } from '../models/sign-in/trusted-device';
import { AREAS } from './areas';
import { createWizard } from './form';
import { recordLock } from './login-lock';
import { identifyVisitor } from './known-browser';
import {
  endOtherSessions,
  getPasswordWizardName,
  getEventDescriber,
  getStoredLogin,
  recordEvent,
  type SessionLogin,
} from './sign-in';

/** The words of an area's password change. */
interface PasswordPage {
  area: Area;
  /** セルフパスワード or パスワード */
  name: string;
  /** セルフID or メールアドレス */
  loginName: string;
  rule: PasswordRule;
  /** Ends what must not outlive the old password, besides sessions, in the transaction of the change. */
  afterChange?(login: SessionLogin, trx: Queryable): Promise<void>;
}

export const selfPagePasswordRouter = createPasswordWizard({
  area: 'selfpage',
  name: 'セルフパスワード',
  loginName: 'セルフID',
  rule: selfPagePasswordRule,
});

export const myPagePasswordRouter = createPasswordWizard({
  area: 'mypage',
  name: 'パスワード',
  loginName: 'メールアドレス',
  rule: myPagePasswordRule,
  // Someone who had the old password may have trusted a device; revoke them all.
  afterChange: ({ id }, trx) => revokeDevices(id, trx),
});

/** 開始 → 確認 → 完了. Between start and confirm the session keeps the hash of the new password. */
function createPasswordWizard(page: PasswordPage): Router {
  const { area, name, loginName, rule } = page;
  const wizard = createWizard<{ hash: string }>({
    name: getPasswordWizardName(area),
    views: 'password',
    exit: AREAS[area].home,
    buildForm: (req) => buildPasswordForm(req, page),
    locals: () => ({ name, loginName, rule, delay: config.PASSWORD_DELAY_MINUTES }),
    async save(req, { hash }, submissionId) {
      const login = requireStoredLogin(req, area);
      const epoch = await changePassword(login, hash, submissionId, async (trx) => {
        await page.afterChange?.(login, trx);
        await writeAuditEvent(getEventDescriber(req)('password_change'), trx);
      });
      if (epoch !== undefined) await endOtherSessions(req, area, epoch);
    },
  });
  return Router().use(exposePendingPassword(area), wizard);
}

declare module 'express-serve-static-core' {
  interface Locals {
    /** Whether a new password waits to come into force; only that one may then change the password again. */
    isPasswordPending?: boolean;
  }
}

function exposePendingPassword(area: Area): RequestHandler {
  return async (req, res, next) => {
    res.locals.isPasswordPending = await hasPendingPassword(requireStoredLogin(req, area).id);
    next();
  };
}

/** Reports every broken rule at once, each at its own field. */
function buildPasswordForm(req: Request, page: PasswordPage) {
  const login = requireStoredLogin(req, page.area);
  return z
    .object({ current: text, new: text, again: text })
    .superRefine(async (typed, problem) => {
      const addFieldError = (field: string, message: string) =>
        problem.addIssue({ code: 'custom', path: [field], message });
      const current = await checkCurrentPassword(req, login, page, typed.current);
      if (current) addFieldError('current', current);
      const wrong = checkNewPassword(login.name, page, typed.new);
      if (wrong) addFieldError('new', wrong);
      if (typed.again !== typed.new)
        addFieldError('again', `新しい${page.name}と、再度入力されたものが一致しません`);
    })
    .transform(async (typed) => ({ hash: await hashPassword(typed.new) }));
}

/** A missing or repeated field counts as an empty one. */
const text = z.string().catch('');

async function checkCurrentPassword(
  req: Request,
  { id, name }: SessionLogin,
  page: PasswordPage,
  typed: string,
): Promise<string> {
  const isPending = req.res?.locals.isPasswordPending === true;
  const subject = isPending ? '変更手続き中の新しいパスワード' : `現在の${page.name}`;
  if (typed === '') return `${subject}を入力してください`;
  const { result: isRight, left } = await withAttemptLimit({
    kind: 'login',
    visitor: await identifyVisitor(req, 'login', name),
    check: () => verifyPasswordForChange(id, typed),
    judge: (isSame) => (isSame ? 'right' : 'wrong'),
    onShutOut: () => recordEvent(req, 'browsers_shut_out'),
  });
  if (!isRight && left === 0) await recordLock(req, name);
  return isRight ? '' : `${subject}が正しくありません`;
}

function checkNewPassword(login: string, page: PasswordPage, typed: string): string {
  if (typed === '') return `新しい${page.name}を入力してください`;
  if (typed.toLowerCase() === login.toLowerCase())
    return `${page.loginName}と異なるパスワードを入力してください`;
  const broken = page.rule.findViolations(typed);
  return broken.length > 0 ? `新しい${page.name}は、${broken.join('。')}` : '';
}

function requireStoredLogin(req: Request, area: Area): SessionLogin {
  const login = getStoredLogin(req, area);
  if (!login) throw new Error(`Nobody is signed in on the ${area}`);
  return login;
}

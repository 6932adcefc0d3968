import type { Request, Router } from 'express';
import { z } from 'zod';
import { config } from '../config';
import { changePassword, verifyLoginPassword, type LoginKind } from '../models/sign-in/login';
import { withLoginLimit, clearLoginFailures } from '../models/sign-in/rate-limit';
import { hashPassword } from '../models/sign-in/password-hash';
import type { PasswordRule } from '../models/sign-in/password-policy';
import type { SessionCheck } from '../models/sign-in/session-check';
import { recordEvent } from './audit';
import { endOtherSessions, type SessionLogin } from './middleware/session';
import { AREAS } from './areas';
import { createWizard } from './wizard';

/** The words of a page's password change. */
export interface PasswordPage {
  kind: LoginKind;
  /** セルフパスワード or パスワード */
  name: string;
  /** セルフID or メールアドレス */
  loginName: string;
  rule: PasswordRule;
  /** Beyond the change itself: what must not outlive the old password. */
  afterChange?(req: Request): Promise<void>;
}

/** A field that is missing, or there twice, is an empty one. */
const text = z.string().catch('');

const getWizardName = (kind: LoginKind): string => `${kind}-password`;

/** 開始 → 確認 → 完了. What waits for the confirm is the hash of the new password. */
export function createPasswordWizard(page: PasswordPage): Router {
  return createWizard<{ hash: string }>({
    name: getWizardName(page.kind),
    views: 'password',
    exit: AREAS[page.kind].home,
    buildForm: (req) => buildPasswordForm(req, page),
    locals: () => ({ ...page, delay: config.PASSWORD_DELAY_MINUTES }),
    async save(req, { hash }, submissionId) {
      const epoch = await changePassword(getLogin(req, page.kind).id, hash, submissionId);
      await endOtherSessions(req, page.kind, epoch);
      await page.afterChange?.(req);
      await recordEvent(req, 'password_change');
    },
  });
}

/** By what a session is known to be good still; another of its requests may be changing the password just now. */
export function sessionCheck(req: Request, kind: LoginKind, { epoch }: SessionLogin): SessionCheck {
  const state = req.session.wizards?.[getWizardName(kind)];
  return { epoch, ...(state && state !== 'done' && { pendingChangeId: state.id }) };
}

/** Every broken rule at its own field, all at once. */
function buildPasswordForm(req: Request, page: PasswordPage) {
  return z
    .object({ current: text, new: text, again: text })
    .superRefine(async (typed, problem) => {
      const addFieldError = (field: string, message: string) =>
        problem.addIssue({ code: 'custom', path: [field], message });
      const current = await checkCurrentPassword(req, page, typed.current);
      if (current) addFieldError('current', current);
      const wrong = checkNewPassword(getLogin(req, page.kind).name, page, typed.new);
      if (wrong) addFieldError('new', wrong);
      if (typed.again !== typed.new)
        addFieldError('again', `新しい${page.name}と、再度入力されたものが一致しません`);
    })
    .transform(async (typed) => ({ hash: await hashPassword(typed.new) }));
}

async function checkCurrentPassword(req: Request, page: PasswordPage, typed: string): Promise<string> {
  if (typed === '') return `現在の${page.name}を入力してください`;
  const { id, name } = getLogin(req, page.kind);
  if (!(await withLoginLimit(name, req.ip ?? '', () => verifyLoginPassword(id, typed))))
    return `現在の${page.name}が正しくありません`;
  await clearLoginFailures(name, req.ip ?? '');
  return '';
}

function checkNewPassword(login: string, page: PasswordPage, typed: string): string {
  if (typed === '') return `新しい${page.name}を入力してください`;
  if (typed.toLowerCase() === login.toLowerCase())
    return `${page.loginName}と異なるパスワードを入力してください`;
  const broken = page.rule.findViolations(typed);
  return broken.length > 0 ? `新しい${page.name}は、${broken.join('。')}` : '';
}

function getLogin(req: Request, kind: LoginKind) {
  const login = req.session.logins?.[kind];
  if (!login) throw new Error('Nobody is signed in');
  return login;
}

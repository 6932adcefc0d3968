import type { Request } from 'express';
import { z } from 'zod';
import { config } from '../../config';
import { changePassword, isPasswordOf } from '../../models/login';
import { countLoginTry, forgiveLoginTry } from '../../models/login-throttle';
import { hashPassword } from '../../models/password';
import { selfPasswordRule } from '../../models/password-rule';
import { recordEvent } from '../audit';
import { endOtherSessions } from '../session';
import { wizard } from '../wizard';
import { customerOf } from './customer';

const text = z.string().default('');

/** Every broken rule at its own field. What is kept until the confirm is the hash of the new password. */
function passwordForm(req: Request) {
  const { login_id, login } = customerOf(req);
  return z
    .object({ current: text, new: text, again: text })
    .superRefine(async (typed, problem) => {
      const tell = (field: string, message: string) =>
        problem.addIssue({ code: 'custom', path: [field], message });
      const current = await problemOfCurrent(req, login_id, login, typed.current);
      if (current) tell('current', current);
      const broken = selfPasswordRule.broken(typed.new);
      if (typed.new === '') tell('new', '新しいセルフパスワードを入力してください');
      else if (typed.new === login) tell('new', 'セルフIDと異なるパスワードを入力してください');
      else if (broken.length > 0) tell('new', `新しいセルフパスワードは、${broken.join('。')}`);
      if (typed.again !== typed.new)
        tell('again', '新しいセルフパスワードと、再度入力されたものが一致しません');
    })
    .transform(async (typed) => ({ hash: await hashPassword(typed.new) }));
}

async function problemOfCurrent(req: Request, loginId: number, login: string, typed: string) {
  if (typed === '') return '現在のセルフパスワードを入力してください';
  await countLoginTry(login, req.ip ?? '');
  if (!(await isPasswordOf(loginId, typed))) return '現在のセルフパスワードが正しくありません';
  await forgiveLoginTry(login, req.ip ?? '');
  return undefined;
}

export const selfPasswordRouter = wizard<{ hash: string }>({
  name: 'self-password',
  views: 'selfpage/password',
  exit: '/selfpage/contract',
  form: passwordForm,
  page: () => ({ rule: selfPasswordRule, delay: config.PASSWORD_DELAY_MINUTES }),
  async save(req, { hash }, submissionId) {
    await endOtherSessions(req, await changePassword(customerOf(req).login_id, hash, submissionId));
    await recordEvent(req, 'password_change');
  },
});

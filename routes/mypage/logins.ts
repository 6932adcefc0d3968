import { type RequestHandler, Router } from 'express';
import { formatBrowserName } from '../../lib/values/browser-name';
import { findPreviousLogin, listLoginAttempts, type LoginAttempt } from '../../models/sign-in/audit';
import { currentUser } from '../require-login';
import { getStoredLogin } from '../sign-in';

/** Gives views `lastLogin`, the one before this session's, so that a customer notices a stranger's. */
export const exposeLastLogin: RequestHandler = async (req, res, next) => {
  const { login } = currentUser(req, 'mypage');
  const signedInAt = getStoredLogin(req, 'mypage')?.signed_in_at ?? 0;
  res.locals.lastLogin = await findPreviousLogin(login, signedInAt);
  next();
};

/** The latest logins and failed attempts. */
export const loginsRouter = Router();

const MAX_SHOWN = 20;

const OUTCOMES: Record<LoginAttempt['event'], string> = {
  login: 'ログイン',
  login_failed: 'パスワード誤り',
  login_locked: '受付停止(パスワード誤りが続いたため)',
  browsers_shut_out: '新しいブラウザの受付停止',
};

loginsRouter.get('/', async (req, res) => {
  const { logins, failures } = await listLoginAttempts(currentUser(req, 'mypage').login, MAX_SHOWN);
  res.render('mypage/logins/list', {
    lists: [
      { name: 'ログインの履歴', attempts: logins.map(toListItem) },
      { name: '失敗したログインの履歴', attempts: failures.map(toListItem) },
    ],
  });
});

const toListItem = ({ at, event, address, user_agent, refused }: LoginAttempt): object => ({
  at,
  address,
  browser: formatBrowserName(user_agent),
  words: OUTCOMES[event],
  refused,
  isLogin: event === 'login',
});

import { Router } from 'express';
import { formatBrowserName } from '../../lib/values/browser-name';
import { listLoginAttempts, type LoginAttempt } from '../../models/sign-in/login-history';
import { currentUser } from './member';

/** The latest logins, so that a customer can see one that was somebody else's. */
export const loginsRouter = Router();

const MAX_SHOWN = 20;

const OUTCOMES: Record<LoginAttempt['event'], string> = {
  login: 'ログイン',
  login_failed: 'パスワード誤り',
  login_locked: '受付停止中',
};

loginsRouter.get('/', async (req, res) => {
  const tries = await listLoginAttempts(currentUser(req).login, MAX_SHOWN);
  res.render('mypage/logins/list', { tries: tries.map(toListItem) });
});

const toListItem = ({ at, event, address, user_agent }: LoginAttempt): object => ({
  at,
  address,
  browser: formatBrowserName(user_agent),
  words: OUTCOMES[event],
  isLogin: event === 'login',
});

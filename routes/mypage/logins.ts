import { Router } from 'express';
import { browserName } from '../../lib/values/browser-name';
import { listLoginTries, type LoginTry } from '../../models/sign-in/login-history';
import { memberOf } from './member';

/** The latest logins, so that a customer can see one that was somebody else's. */
export const loginsRouter = Router();

const SHOWN = 20;

const OUTCOMES: Record<LoginTry['event'], string> = {
  login: 'ログイン',
  login_failed: 'パスワード誤り',
  login_locked: '受付停止中',
};

loginsRouter.get('/', async (req, res) => {
  const tries = await listLoginTries(memberOf(req).login, SHOWN);
  res.render('mypage/logins/list', { tries: tries.map(shown) });
});

const shown = ({ at, event, address, user_agent }: LoginTry): object => ({
  at,
  address,
  browser: browserName(user_agent),
  words: OUTCOMES[event],
  isLogin: event === 'login',
});

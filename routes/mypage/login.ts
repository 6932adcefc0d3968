import { Router } from 'express';
import { loginPage } from '../login';

const { show, post, problem } = loginPage({
  kind: 'email',
  view: 'mypage/login/show',
  wrong: 'メールアドレスまたはパスワードが正しくありません',
});

/** The login by e-mail address. */
export const emailLoginRouter = Router().get('/', show).use('/', post);

export const emailLoginProblem = problem;

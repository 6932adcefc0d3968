import { Router } from 'express';
import { loginPage } from '../login';

const { show, post, problem } = loginPage({
  kind: 'self',
  view: 'selfpage/login/show',
  wrong: 'セルフIDまたはセルフパスワードが正しくありません',
});

/** The portal's address: the login by Self ID. */
export const selfLoginRouter = Router().get(['/', '/selfpage/login'], show).use('/selfpage/login', post);

export const selfLoginProblem = problem;

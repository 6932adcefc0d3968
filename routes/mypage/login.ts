import { Router } from 'express';
import { loginPage } from '../login';

const { show, post, problem } = loginPage({
  kind: 'email',
  title: 'マイページ ログイン',
  action: '/mypage/login',
  idName: 'メールアドレス',
  idType: 'email',
  passwordName: 'パスワード',
  note: ['ご登録のメールアドレスとパスワードでログインしてください。'],
  other: { words: 'セルフIDでお使いの方は', link: 'セルフページへログイン', href: '/' },
  wrong: 'メールアドレスまたはパスワードが正しくありません',
});

/** The login by e-mail address. */
export const emailLoginRouter = Router().get('/', show).use('/', post);

export const emailLoginProblem = problem;

import { Router } from 'express';
import { createLoginPage } from '../login';

const { show, post, problem } = createLoginPage({
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
export const myPageLoginRouter = Router().get('/', show).use('/', post);

export const myPageLoginErrors = problem;

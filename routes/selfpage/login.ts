import { Router } from 'express';
import { createLoginPage } from '../login';

const { show, post, problem } = createLoginPage({
  kind: 'self',
  title: 'セルフページ ログイン',
  action: '/selfpage/login',
  idName: 'セルフID',
  idType: 'text',
  passwordName: 'セルフパスワード',
  note: [
    'セルフID・セルフパスワード(初期)につきましては',
    '「ご利用開始のご案内(開通通知)」をご確認ください。',
  ],
  other: { words: 'メールアドレスでお使いの方は', link: 'マイページへログイン', href: '/mypage/login' },
  wrong: 'セルフIDまたはセルフパスワードが正しくありません',
});

/** The portal's address: the login by Self ID. */
export const selfPageLoginRouter = Router().get(['/', '/selfpage/login'], show).use('/selfpage/login', post);

export const selfPageLoginErrors = problem;

import type { RequestHandler } from 'express';
import type { Area } from '../models/sign-in/area';

/** The two halves of the portal: where each begins, its login page, where a customer arrives, its menu. */
export const AREAS = {
  selfpage: {
    name: 'セルフページ',
    prefix: '/selfpage/',
    login: '/',
    home: '/selfpage/contract',
    menu: [
      { name: 'contract', words: 'ご契約内容の確認', href: '/selfpage/contract' },
      { name: 'password', words: 'パスワードの変更', href: '/selfpage/password' },
      { name: 'charges', words: 'ご利用料金の確認', href: '/selfpage/charges' },
    ],
  },
  mypage: {
    name: 'マイページ',
    prefix: '/mypage/',
    login: '/mypage/login',
    home: '/mypage',
    menu: [
      { name: 'usage', words: '料金・ご利用明細', href: '/mypage/usage' },
      { name: 'password', words: 'パスワードの変更', href: '/mypage/password' },
      { name: 'devices', words: '確認済みの端末', href: '/mypage/devices' },
    ],
  },
} as const;

declare module 'express-serve-static-core' {
  interface Request {
    /** The half of the portal that the address belongs to. */
    area: Area;
  }
}

/**
 * Sets `req.area`, and the views' `area`: the name, menu and logout that a page shows. The address is compared without
 * case, as Express does, because telephones capitalise what is typed.
 */
export const detectArea: RequestHandler = (req, res, next) => {
  req.area = /^\/mypage(\/|$|\?)/i.test(req.originalUrl) ? 'mypage' : 'selfpage';
  res.locals.area = AREAS[req.area];
  next();
};

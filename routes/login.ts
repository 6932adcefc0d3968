import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { config } from '../config';
import type { Area } from '../models/sign-in/area';
import { takeRefusedTries, withAttemptLimit } from '../models/sign-in/attempt-limit';
import { findLogin } from '../models/sign-in/login';
import { AREAS } from './areas';
import { identifyVisitor, rememberBrowser } from './known-browser';
import { recordLock } from './login-lock';
import { isCsrfError } from './middleware/csrf';
import { handleRateLimit } from './middleware/errors';
import { hasSessionCookie } from './middleware/session';
import { endVisit, hasVisitCookie, saveVisit } from './middleware/visit';
import { getReturnPath } from './return-path';
import { findWayOfEnding, getActiveLogin, recordEvent, signIn, signOut, type WayOfEnding } from './sign-in';

const TOO_MANY = 'しばらく時間をおいてから、もう一度お試しください';
const SHUT_OUT =
  'ログインの失敗が続いたため、このブラウザからの受付を停止しています。1時間ほどおいてから、もう一度お試しください。' +
  'これまでログインにお使いのブラウザからは、引き続きログインできます。' +
  `お急ぎのときは、${config.SUPPORT_NAME}(${config.SUPPORT_PHONE_NUMBERS.join('、')})までご連絡ください`;
const EXPIRED_FORM = '画面の有効期限が切れました。もう一度ログインしてください';
const NO_COOKIE =
  'ブラウザのCookie(クッキー)が使えないため、ログインできません。Cookieを有効にしてから、もう一度ログインしてください';

/** What the login page says of a session that has ended. */
const ENDINGS: Record<WayOfEnding, string> = {
  expired: 'ログインの有効時間が過ぎました。もう一度ログインしてください',
  logout: 'ログアウトしました',
  password: 'パスワードが変更されたため、ログアウトしました',
  device_stolen: '確認済みの端末の情報が別の場所で使われたため、ログアウトしました',
  device_revoked: '端末の登録が解除されたため、ログアウトしました',
  reset: 'お客さまセンターでパスワードが初期化されたため、ログアウトしました',
};

interface LoginPage {
  area: Area;
  title: string;
  /** The address that the form is sent to. */
  action: string;
  /** The names of the fields: セルフID and セルフパスワード, or メールアドレス and パスワード. */
  idName: string;
  idType: 'text' | 'email';
  passwordName: string;
  /** Phrases of a note below the form. */
  note: string[];
  /** The link to the other area's login page. */
  other: { words: string; link: string; href: string };
  /** The one answer to a wrong name and a wrong password. */
  wrong: string;
}

const selfPage: LoginPage = {
  area: 'selfpage',
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
};

const myPage: LoginPage = {
  area: 'mypage',
  title: 'マイページ ログイン',
  action: '/mypage/login',
  idName: 'メールアドレス',
  idType: 'email',
  passwordName: 'パスワード',
  note: ['ご登録のメールアドレスとパスワードでログインしてください。'],
  other: { words: 'セルフIDでお使いの方は', link: 'セルフページへログイン', href: '/' },
  wrong: 'メールアドレスまたはパスワードが正しくありません',
};

const showPage =
  (page: LoginPage): RequestHandler =>
  async (req, res) => {
    if (getActiveLogin(req, page.area)) res.redirect(AREAS[page.area].home);
    else await renderPage(page, req, res);
  };

const acceptLogin =
  (page: LoginPage): RequestHandler =>
  async (req, res) => {
    const target = getReturnPath(req, page.area);
    if (await authenticate(req, res, page.area)) res.redirect(303, target);
    else await renderPage(page, req, res.status(422), page.wrong);
  };

/** Signs in whoever knows the password, in a browser that is then known to the login. */
async function authenticate(req: Request, res: Response, area: Area): Promise<boolean> {
  const { loginId, password } = readCredentials(req);
  const visitor = await identifyVisitor(req, 'login', loginId);
  const { result: login, left } = await withAttemptLimit({
    kind: 'login',
    visitor,
    check: () => findLogin(area, loginId, password),
    judge: (found) => (found ? 'right' : 'wrong'),
    onShutOut: () => recordEvent(req, 'browsers_shut_out', undefined, loginId),
    onClientLocked: () => recordEvent(req, 'client_locked', undefined, loginId),
  });
  const refused = await takeRefusedTries(visitor);
  const detail = refused > 0 ? { refused } : undefined;
  if (!login) {
    await recordEvent(req, 'login_failed', detail, loginId);
    if (left === 0) await recordLock(req, loginId);
    return false;
  }
  await signIn(req, login);
  endVisit(res);
  rememberBrowser(req, res, login);
  await recordEvent(req, 'login', detail, login.login);
  return true;
}

const refuseTooMany = (page: LoginPage): ErrorRequestHandler =>
  handleRateLimit(async (req, res, { isForNewBrowsers }) => {
    await renderPage(page, req, res, isForNewBrowsers ? SHUT_OUT : TOO_MANY);
  });

const handleBadToken =
  (page: LoginPage): ErrorRequestHandler =>
  async (error: unknown, req, res, next) => {
    if (!isCsrfError(error)) next(error);
    else if (isSignedInAs(req, page.area)) res.redirect(303, AREAS[page.area].home);
    else await renderPage(page, req, res.status(403), keepsCookies(req) ? EXPIRED_FORM : NO_COOKIE);
  };

const keepsCookies = (req: Request): boolean => hasVisitCookie(req) || hasSessionCookie(req);

/** Double click: the first request signed in and rotated the session, so this token is stale. */
const isSignedInAs = (req: Request, area: Area): boolean =>
  getActiveLogin(req, area)?.name.toLowerCase() === readCredentials(req).loginId.toLowerCase();

async function renderPage(page: LoginPage, req: Request, res: Response, problem = ''): Promise<void> {
  req.csrfToken();
  await saveVisit(req, res);
  const { loginId } = readFields(req);
  // Either redirected from another page, or opened by the login page's own address.
  const way = req.visit.way_of_ending ?? (await findWayOfEnding(req, page.area));
  res.render('login/show', { page, problem, loginId, ending: way && ENDINGS[way] });
}

function readCredentials(req: Request): { loginId: string; password: string } {
  const { loginId, password } = readFields(req);
  return { loginId: stripNul(loginId).trim(), password };
}

function readFields(req: Request): { loginId: string; password: string } {
  const { loginId, password } = (req.body ?? {}) as Record<string, unknown>;
  return { loginId: toText(loginId), password: toText(password) };
}

/** PostgreSQL stores texts with any character except this. */
const stripNul = (text: string): string => text.replaceAll('\0', '');

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A login page's routes. The error handlers also receive what failed before, such as the check of the token. */
const createLogin = (page: LoginPage): [Router, ErrorRequestHandler, ErrorRequestHandler] => [
  Router().get('/', showPage(page)).post('/', acceptLogin(page)),
  refuseTooMany(page),
  handleBadToken(page),
];

/** The portal's front page is the login by Self ID. */
export const frontPageRouter = Router().get('/', showPage(selfPage));
export const selfPageLogin = createLogin(selfPage);
export const myPageLogin = createLogin(myPage);

/** Ends the session, in both areas. */
export const logoutRouter = Router();

/** Reloading after a rejected logout form sends a GET here. */
logoutRouter.get('/', (req, res) => {
  res.redirect(303, AREAS[req.area].home);
});

logoutRouter.post('/', async (req, res) => {
  await recordEvent(req, 'logout');
  await signOut(req);
  res.redirect(303, AREAS[req.area].login);
});

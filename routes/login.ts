import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { findLogin, type LoginKind } from '../models/sign-in/login';
import { withLoginLimit, clearLoginFailures, RateLimitExceeded } from '../models/sign-in/rate-limit';
import { recordEvent } from './audit';
import { isCsrfError } from './middleware/csrf';
import { safeFormValues } from './form';
import { hasSessionCookie, saveSession, getActiveLogin, signIn } from './middleware/session';
import { AREAS, getReturnPath } from './areas';

const TOO_MANY = 'しばらく時間をおいてから、もう一度お試しください';
const EXPIRED_FORM = '画面の有効期限が切れました。もう一度ログインしてください';
const NO_COOKIE =
  'ブラウザのCookie(クッキー)が使えないため、ログインできません。Cookieを有効にしてから、もう一度ログインしてください';

export interface LoginPage {
  kind: LoginKind;
  title: string;
  /** Where the form is sent. */
  action: string;
  /** What the customer types: セルフID and セルフパスワード, or メールアドレス and パスワード. */
  idName: string;
  idType: 'text' | 'email';
  passwordName: string;
  /** Phrases of a note below the form. */
  note: string[];
  /** The way to the other page's login. */
  other: { words: string; link: string; href: string };
  /** The one answer to a wrong name and a wrong password. */
  wrong: string;
}

/** A page that asks for a name (`loginId`) and a password. Its error handler stands behind it at the same address. */
export function createLoginPage(page: LoginPage): {
  show: RequestHandler;
  post: Router;
  problem: ErrorRequestHandler;
} {
  const render = async (req: Request, res: Response, problem = '') => {
    req.csrfToken();
    await saveSession(req);
    const { loginId = '' } = safeFormValues(req.body);
    // Led here from another page, or come by the address of this one.
    const hasExpired = req.session.has_expired ?? req.session.logins?.[page.kind] !== undefined;
    res.render('login/show', { page, problem, loginId, hasExpired });
  };

  const show: RequestHandler = async (req, res) => {
    if (getActiveLogin(req, page.kind)) res.redirect(AREAS[page.kind].home);
    else await render(req, res);
  };

  const post = Router().post('/', async (req, res) => {
    const target = getReturnPath(req, page.kind);
    if (await authenticate(req, page.kind)) {
      res.redirect(303, target);
    } else await render(req, res.status(422), page.wrong);
  });

  const problem: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    if (error instanceof RateLimitExceeded) {
      await recordEvent(req, 'login_locked', undefined, readCredentials(req).loginId);
      await render(req, res.status(429).set('Retry-After', String(error.seconds)), TOO_MANY);
    } else if (!isCsrfError(error)) next(error);
    else if (isSignedInAs(req, page.kind)) res.redirect(303, AREAS[page.kind].home);
    else await render(req, res.status(403), hasSessionCookie(req) ? EXPIRED_FORM : NO_COOKIE);
  };
  return { show, post, problem };
}

/** Signs in whoever knows the password. */
async function authenticate(req: Request, kind: LoginKind): Promise<boolean> {
  const { loginId, password } = readCredentials(req);
  const address = req.ip ?? '';
  const login = await withLoginLimit(loginId, address, () => findLogin(kind, loginId, password));
  if (!login) {
    await recordEvent(req, 'login_failed', undefined, loginId);
    return false;
  }
  await clearLoginFailures(loginId, address);
  await signIn(req, login);
  await recordEvent(req, 'login', undefined, login.login);
  return true;
}

/** The second click of a double click: the first has signed in, under another session id and token. */
const isSignedInAs = (req: Request, kind: LoginKind): boolean =>
  getActiveLogin(req, kind)?.name.toLowerCase() === readCredentials(req).loginId.toLowerCase();

function readCredentials(req: Request): { loginId: string; password: string } {
  const { loginId, password } = (req.body ?? {}) as Record<string, unknown>;
  return { loginId: stripNul(toText(loginId)).trim(), password: toText(password) };
}

/** PostgreSQL has texts with any character but this. */
const stripNul = (text: string): string => text.replaceAll('\0', '');

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { findLogin, type Login } from '../../models/login';
import { countLoginTry, forgiveLoginTry, TooManyTries } from '../../models/login-throttle';
import { recordEvent } from '../audit';
import { typedValues } from '../form';
import { signedInLogin, signIn } from '../session';
import { returnPath } from '../sign-in';

const HOME = '/selfpage/contract';
const WRONG = 'セルフIDまたはセルフパスワードが正しくありません';
const TOO_MANY = 'しばらく時間をおいてから、もう一度お試しください';
const OLD_FORM = '画面の有効期限が切れました。もう一度ログインしてください';

/** The portal's address: the login by Self ID. */
export const selfLoginRouter = Router();

selfLoginRouter.get(['/', '/selfpage/login'], (req, res) => {
  if (signedInLogin(req)?.kind === 'self') res.redirect(HOME);
  else showLogin(req, res);
});

selfLoginRouter.post('/selfpage/login', async (req, res) => {
  const { loginId = '', password = '' } = credentials(req);
  await countLoginTry(loginId, req.ip ?? '');
  const login = await findLogin('self', loginId, password);
  if (login) await letIn(req, res, login);
  else {
    await recordEvent(req, 'login_failed', undefined, loginId);
    showLogin(req, res.status(422), WRONG);
  }
});

/** Too many tries, or a form that has grown old: the login page again, with the ID that was typed. */
export const selfLoginProblem: ErrorRequestHandler = async (error: unknown, req, res, next) => {
  if (error instanceof TooManyTries) {
    await recordEvent(req, 'login_locked', undefined, credentials(req).loginId);
    showLogin(req, res.status(429).set('Retry-After', String(error.seconds)), TOO_MANY);
  } else if (
    req.method === 'POST' &&
    error instanceof Error &&
    'code' in error &&
    error.code === 'EBADCSRFTOKEN'
  ) {
    showLogin(req, res.status(403), OLD_FORM);
  } else next(error);
};

async function letIn(req: Request, res: Response, login: Login): Promise<void> {
  const target = returnPath(req, '/selfpage/', HOME);
  await forgiveLoginTry(login.login, req.ip ?? '');
  await signIn(req, login);
  await recordEvent(req, 'login');
  res.redirect(303, target);
}

function showLogin(req: Request, res: Response, problem = ''): void {
  const { loginId = '' } = typedValues(req.body);
  res.render('selfpage/login/show', { problem, loginId, hasExpired: req.session.has_expired ?? false });
}

function credentials(req: Request): { loginId?: string; password?: string } {
  const { loginId, password } = (req.body ?? {}) as Record<string, unknown>;
  return { loginId: asText(loginId).trim(), password: asText(password) };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

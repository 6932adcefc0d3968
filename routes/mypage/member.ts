import type { Request, RequestHandler } from 'express';
import { findPreviousLogin } from '../../models/sign-in/login-history';
import { findMyPageUser, type MyPageUser } from '../../models/sign-in/my-page-user';
import { sessionCheck } from '../password';
import { getActiveLogin } from '../middleware/session';
import { redirectToLogin } from '../areas';

declare module 'express-serve-static-core' {
  interface Request {
    myPageUser?: MyPageUser;
  }
}

/** Everything behind it is for who is signed in by e-mail address; others are led to the login. */
export const requireMyPageUser: RequestHandler = async (req, res, next) => {
  const login = getActiveLogin(req, 'email');
  const user = login && (await findMyPageUser(login.id, sessionCheck(req, 'email', login)));
  if (!user) {
    await redirectToLogin(req, res);
    return;
  }
  req.myPageUser = user;
  const lastLogin = await findPreviousLogin(user.login, login.signed_in_at);
  Object.assign(res.locals, { member: user, lastLogin, isSignedIn: true });
  next();
};

export function currentUser(req: Request): MyPageUser {
  if (!req.myPageUser) throw new Error('No member is signed in');
  return req.myPageUser;
}

/** Everything behind it needs the second factor, which holds for the session. */
export const requireVerified: RequestHandler = (req, res, next) => {
  if (getActiveLogin(req, 'email')?.verified_at !== undefined) {
    next();
    return;
  }
  if (req.method === 'GET') req.session.return_to = req.originalUrl;
  res.redirect(303, '/mypage/verification');
};

import type { Request, RequestHandler } from 'express';
import { loginBefore } from '../../models/sign-in/login-history';
import { findMember, type Member } from '../../models/sign-in/my-page-user';
import { sessionMark } from '../password';
import { signedIn } from '../middleware/session';
import { askToSignIn } from '../areas';

declare module 'express-serve-static-core' {
  interface Request {
    member?: Member;
  }
}

/** Everything behind it is for who is signed in by e-mail address; others are led to the login. */
export const requireMember: RequestHandler = async (req, res, next) => {
  const login = signedIn(req, 'email');
  const member = login && (await findMember(login.id, sessionMark(req, 'email', login)));
  if (!member) {
    await askToSignIn(req, res);
    return;
  }
  req.member = member;
  const lastLogin = await loginBefore(member.login, login.signed_in_at);
  Object.assign(res.locals, { member, lastLogin, isSignedIn: true });
  next();
};

export function memberOf(req: Request): Member {
  if (!req.member) throw new Error('No member is signed in');
  return req.member;
}

/** Everything behind it needs the second factor, which holds for the session. */
export const requireVerified: RequestHandler = (req, res, next) => {
  if (signedIn(req, 'email')?.verified_at !== undefined) {
    next();
    return;
  }
  if (req.method === 'GET') req.session.return_to = req.originalUrl;
  res.redirect(303, '/mypage/verification');
};

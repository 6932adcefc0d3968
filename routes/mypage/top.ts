import { Router } from 'express';
import { findRecentTheft } from '../../models/sign-in/trusted-device';
import { currentUser } from '../require-login';
import { getStoredLogin } from '../sign-in';

/** The page after login. */
export const topRouter = Router();

topRouter.get('/', async (req, res) => {
  const { login, contact_number } = currentUser(req, 'mypage');
  const signedInAt = getStoredLogin(req, 'mypage')?.signed_in_at ?? 0;
  res.render('mypage/top/show', {
    hasFactor: contact_number !== null,
    theftAt: await findRecentTheft(login, signedInAt),
  });
});

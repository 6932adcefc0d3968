import { Router } from 'express';
import { recordEvent } from '../audit';
import { signOut } from '../session';

export const selfLogoutRouter = Router();

selfLogoutRouter.post('/', async (req, res) => {
  await recordEvent(req, 'logout');
  await signOut(req);
  res.redirect(303, '/');
});

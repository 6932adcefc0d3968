import { Router } from 'express';
import { recordEvent } from './audit';
import { signOut } from './middleware/session';
import { AREAS, areaForRequest } from './areas';

/** Ends the session, of both pages where both are signed in. */
export const logoutRouter = Router();

/** Where an old form, which was refused, leaves the address bar. */
logoutRouter.get('/', (req, res) => {
  res.redirect(303, AREAS[areaForRequest(req)].home);
});

logoutRouter.post('/', async (req, res) => {
  await recordEvent(req, 'logout');
  await signOut(req);
  res.redirect(303, AREAS[areaForRequest(req)].login);
});

import { type Request, Router } from 'express';
import { config } from '../../config';
import { formatBrowserName } from '../../lib/values/browser-name';
import {
  matchesToken,
  listDevices,
  revokeDevice,
  type TrustedDevice,
} from '../../models/sign-in/trusted-device';
import { endDeviceSessions, getEventDescriber, mayChangeFactors } from '../sign-in';
import { createNotFoundError } from '../middleware/errors';
import { currentUser } from '../require-login';
import { readDeviceToken } from './verification/device-cookie';

/** The browsers that need no verification code. */
export const devicesRouter = Router();

devicesRouter.get('/', async (req, res) => {
  const devices = await listDevices(currentUser(req, 'mypage').login_id);
  res.render('mypage/devices/list', {
    devices: devices.map((device) => toListItem(req, device)),
    isRevoked: 'revoked' in req.query,
    days: config.TRUSTED_DEVICE_DAYS,
    mayRevoke: mayChangeFactors(req, 'mypage'),
  });
});

devicesRouter.post('/:id/revoke', async (req, res) => {
  const { id } = req.params;
  // The page had no such button.
  if (!mayChangeFactors(req, 'mypage')) throw createNotFoundError();
  const { login_id } = currentUser(req, 'mypage');
  const isKnown = /^\d{1,9}$/.test(id) && (await revokeDevice(login_id, Number(id), getEventDescriber(req)));
  if (!isKnown) throw createNotFoundError();
  await endDeviceSessions(req, login_id, Number(id), 'device_revoked');
  res.redirect(303, '/mypage/devices?revoked');
});

function toListItem(req: Request, device: TrustedDevice): object {
  const { id, created_at, last_used_at, user_agent } = device;
  const isThis = matchesToken(device, readDeviceToken(req) ?? '');
  return { id, created_at, last_used_at, browser: formatBrowserName(user_agent), isThis };
}

import { type Request, Router } from 'express';
import { config } from '../../config';
import { browserName } from '../../lib/values/browser-name';
import {
  isTokenOf,
  listDevices,
  revokeDevice,
  type TrustedDevice,
} from '../../models/sign-in/trusted-device';
import { recordEvent } from '../audit';
import { notFound } from '../middleware/errors';
import { memberOf } from './member';
import { deviceToken } from './verification/device-cookie';

/** The browsers that need no verification code. */
export const devicesRouter = Router();

devicesRouter.get('/', async (req, res) => {
  const devices = await listDevices(memberOf(req).account_id);
  res.render('mypage/devices/list', {
    devices: devices.map((device) => shown(req, device)),
    isRevoked: 'revoked' in req.query,
    days: config.DEVICE_DAYS,
  });
});

devicesRouter.post('/:id/revoke', async (req, res) => {
  const { id } = req.params;
  const isKnown = /^\d{1,9}$/.test(id) && (await revokeDevice(memberOf(req).account_id, Number(id)));
  if (!isKnown) throw notFound();
  await recordEvent(req, 'device_revoked', { device: Number(id) });
  res.redirect(303, '/mypage/devices?revoked');
});

function shown(req: Request, device: TrustedDevice): object {
  const { id, created_at, last_used_at, user_agent } = device;
  const isThis = isTokenOf(device, deviceToken(req) ?? '');
  return { id, created_at, last_used_at, browser: browserName(user_agent), isThis };
}

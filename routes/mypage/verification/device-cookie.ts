import type { Request, RequestHandler, Response } from 'express';
import { config } from '../../../config';
import { now } from '../../../lib/values/clock';
import { type DeviceToken, trustDevice, useDevice } from '../../../models/sign-in/trusted-device';
import { recordEvent } from '../../sign-in';
import { currentUser } from '../../require-login';
import { getTargetPath, setVerified } from './progress';

const COOKIE = 'meisai_device';

/** Reads the browser's token, if it has one. */
export function readDeviceToken(req: Request): string | undefined {
  return new RegExp(`(?:^|; )${COOKIE}=([\\w-]{43})(?:;|$)`).exec(req.headers.cookie ?? '')?.[1];
}

/** Skips the steps on a trusted device. The session keeps its id, because pages may be opened side by side. */
export const skipIfTrustedDevice: RequestHandler = async (req, res, next) => {
  const token = readDeviceToken(req);
  const used = token && (await useDevice(token, getDeviceUser(req)));
  if (!used) {
    next();
    return;
  }
  if (used.next) setDeviceCookie(res, used.next);
  setVerified(req, now());
  await recordEvent(req, 'device_used');
  res.redirect(303, getTargetPath(req));
};

/** Trusts this device from now on: the checkbox of the last step. */
export async function rememberDevice(req: Request, res: Response): Promise<void> {
  setDeviceCookie(res, await trustDevice(getDeviceUser(req)));
  await recordEvent(req, 'device_trusted');
}

const getDeviceUser = (req: Request) => ({
  account_id: currentUser(req, 'mypage').account_id,
  session_id: req.sessionID,
  user_agent: req.get('user-agent') ?? '',
});

function setDeviceCookie(res: Response, { token, expires_at }: DeviceToken): void {
  res.cookie(COOKIE, token, {
    path: '/mypage',
    httpOnly: true,
    sameSite: 'lax',
    secure: config.isSecure,
    maxAge: expires_at - now(),
  });
}

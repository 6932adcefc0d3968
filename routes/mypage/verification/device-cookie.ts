import type { Request, RequestHandler, Response } from 'express';
import { config } from '../../../config';
import { now } from '../../../lib/values/clock';
import { type DeviceToken, trustDevice, useDevice } from '../../../models/sign-in/trusted-device';
import { changeSessionId, endDeviceSessions, getActiveLogin, getEventDescriber } from '../../sign-in';
import { currentUser } from '../../require-login';
import { getTargetPath, setVerified } from './progress';

const COOKIE = 'meisai_device';

/** Reads the browser's token, if it has one. */
export function readDeviceToken(req: Request): string | undefined {
  return new RegExp(`(?:^|; )${COOKIE}=([\\w-]{43}|[\\w-]{67})(?:;|$)`).exec(req.headers.cookie ?? '')?.[1];
}

/**
 * Skips the steps on a trusted device, under a new session id. A second page, opened side by side, finds the session moved
 * already, and goes on by the first one's cookie.
 */
export const skipIfTrustedDevice: RequestHandler = async (req, res, next) => {
  const token = readDeviceToken(req);
  if (token === undefined || getActiveLogin(req, 'mypage')?.needs_code) {
    next();
    return;
  }
  const used = await useDevice(token, getDeviceUser(req), getEventDescriber(req));
  if (used.result === 'trusted') {
    const target = getTargetPath(req);
    if (used.next) setDeviceCookie(res, used.next);
    if (await changeSessionId(req)) setVerified(req, { deviceId: used.id });
    res.redirect(303, target);
    return;
  }
  if (used.result === 'stolen')
    await endDeviceSessions(req, currentUser(req, 'mypage').login_id, used.id, 'device_stolen');
  res.clearCookie(COOKIE, { path: '/mypage', httpOnly: true, sameSite: 'lax', secure: config.isSecure });
  next();
};

/** Trusts this device from now on: the checkbox of the last step. */
export async function rememberDevice(req: Request, res: Response): Promise<void> {
  setDeviceCookie(res, await trustDevice(getDeviceUser(req), getEventDescriber(req)));
}

const getDeviceUser = (req: Request) => ({
  login_id: currentUser(req, 'mypage').login_id,
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

import type { Request, RequestHandler, Response } from 'express';
import { findCode, type VerificationCode } from '../../../models/verification/code';
import { getActiveLogin, getStoredLogin } from '../../sign-in';
import { AREAS } from '../../areas';
import { now } from '../../../lib/values/clock';
import { currentUser, hasRecentCode } from '../../require-login';

/** The page after the second factor, unless another page asked for it. */
const HOME = '/mypage/usage';

export const VERIFICATION = '/mypage/verification';

/** The registered number after it was typed correctly: as it is stored, and as it was typed. */
export interface TypedNumber {
  telephone: string;
  typed: string;
}

export function getTypedNumber(req: Request): TypedNumber | undefined {
  const state = req.session.wizards?.verification;
  if (!state || state === 'done') return undefined;
  const { telephone = '', typed = '' } = state.answers;
  // The operator may have changed the number meanwhile.
  return telephone === currentUser(req, 'mypage').contact_number ? { telephone, typed } : undefined;
}

export function saveTypedNumber(req: Request, answers: TypedNumber | undefined): void {
  const state = answers && { id: '', answers: { ...answers } };
  req.session.wizards = { ...req.session.wizards, verification: state };
}

/** Finds the code that was sent to the typed number for this session, whatever became of it. */
export async function findRequestedCode(req: Request): Promise<VerificationCode | undefined> {
  const number = getTypedNumber(req);
  if (!number) return undefined;
  const code = await findCode(getCodeOwner(req));
  return code?.telephone === number.telephone ? code : undefined;
}

export const getCodeOwner = (req: Request) => ({
  login_id: currentUser(req, 'mypage').login_id,
  session_id: req.sessionID,
});

/** Redirects a step out of order to the current one. */
export async function redirectToCurrentStep(req: Request, res: Response): Promise<void> {
  const step = (await findRequestedCode(req)) ? '/code' : getTypedNumber(req) ? '/method' : '';
  res.redirect(303, VERIFICATION + step);
}

/** Returns the page that asked for the second factor. A mobile keyboard may have capitalised its path. */
export function getTargetPath(req: Request): string {
  const asked = req.visit.return_to ?? '';
  const path = asked.toLowerCase();
  return path.startsWith(AREAS.mypage.prefix) && !path.startsWith(VERIFICATION) ? asked : HOME;
}

/** Skips all steps if the second factor has been given, in the way that was asked for. */
export const skipIfVerified: RequestHandler = (req, res, next) => {
  const login = getActiveLogin(req, 'mypage');
  if (login?.needs_code ? hasRecentCode(req) : login?.verified_at !== undefined)
    res.redirect(303, getTargetPath(req));
  else next();
};

/** Notes that a code, or a trusted device in its place, has verified the session. */
export function setVerified(req: Request, by: { deviceId: number } | 'code'): void {
  const login = getStoredLogin(req, 'mypage');
  if (!login) return;
  login.verified_at = now();
  if (by === 'code') Object.assign(login, { code_at: now(), device_id: undefined, needs_code: undefined });
  else login.device_id = by.deviceId;
}

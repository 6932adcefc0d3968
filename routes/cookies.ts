import type { Request, Response } from 'express';
import { config } from '../config';
import { openSignedValue, signValue } from '../models/sign-in/signed-value';

/** The value of a cookie as the browser sent it. */
export const readCookie = (req: Request, name: string): string | undefined =>
  new RegExp(`(?:^|; )${name}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1];

/** The value of a cookie that setSignedCookie has set; undefined if it is missing or was changed. */
export const readSignedCookie = (req: Request, name: string): unknown =>
  openSignedValue(name, readCookie(req, name) ?? '');

const cookieOptions = { httpOnly: true, sameSite: 'lax', secure: config.isSecure, path: '/' } as const;

/** Sets a cookie that only the portal can change. Without `maxAge` (milliseconds) it ends with the browser. */
export function setSignedCookie(res: Response, name: string, value: unknown, maxAge?: number): void {
  res.cookie(name, signValue(name, value), {
    ...cookieOptions,
    ...(maxAge !== undefined && { maxAge }),
  });
}

export const clearCookie = (res: Response, name: string): void => {
  res.clearCookie(name, cookieOptions);
};

import type { Request, Response } from 'express';
import { config } from '../../config';
import { openSignedValue, signValue } from '../../models/sign-in/signed-value';

/** The value of a cookie as the browser sent it. */
export const readCookie = (req: Request, name: string): string | undefined =>
  new RegExp(`(?:^|; )${name}=([^;]*)`).exec(req.headers.cookie ?? '')?.[1];

/** The value of a cookie that setSignedCookie has set; undefined if it is missing or was changed. */
export const readSignedCookie = (req: Request, name: string): unknown =>
  openSignedValue(name, readCookie(req, name) ?? '');

const getCookieOptions = () =>
  ({ httpOnly: true, sameSite: 'lax', secure: config.isSecure, path: '/' }) as const;

/** Sets a cookie that only the portal can change. Without `maxAge` (milliseconds) it ends with the browser. */
export function setSignedCookie(res: Response, name: string, value: unknown, maxAge?: number): void {
  // A browser would refuse it.
  if (config.isSecure && !res.req.secure) return;
  dropCookie(res, name);
  res.cookie(name, signValue(name, value), {
    ...getCookieOptions(),
    ...(maxAge !== undefined && { maxAge }),
  });
}

export const clearCookie = (res: Response, name: string): void => {
  dropCookie(res, name);
  res.clearCookie(name, getCookieOptions());
};

/** Takes back what this response has already set: the same cookie twice would be a riddle for browsers. */
function dropCookie(res: Response, name: string): void {
  const cookies = [res.getHeader('set-cookie') ?? []].flat().map(String);
  const others = cookies.filter((cookie) => !cookie.startsWith(`${name}=`));
  if (others.length < cookies.length) res.setHeader('set-cookie', others);
}

import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { now } from '../lib/values/clock';
import type { AttemptKind, Visitor } from '../models/sign-in/attempt-limit';
import { findLoginByName, type Login } from '../models/sign-in/login';
import { getClientKey } from './client';
import { readSignedCookie, setSignedCookie } from './middleware/cookies';

const COOKIE = 'meisai_browser';
const DAY_MS = 86_400_000;
const MAX_AGE_DAYS = 365;
/** A business may use many logins in one browser; the one that was used longest ago is forgotten. */
const MAX_LOGINS = 20;

/** A login that has signed in here: its id and `browser_epoch`, the day, and whether it has given its second factor. */
const knownLogin = z.object({ id: z.int(), epoch: z.int(), day: z.int(), verified: z.boolean() });
type KnownLogin = z.infer<typeof knownLogin>;

const cookie = z.object({ browser: z.string(), logins: z.array(knownLogin) });
type BrowserCookie = z.infer<typeof cookie>;

const readBrowser = (req: Request): BrowserCookie | undefined =>
  cookie.safeParse(readSignedCookie(req, COOKIE)).data;

const getDay = (): number => Math.floor(now() / DAY_MS);

type KnownTo = Pick<Login, 'id' | 'browser_epoch'>;

const findKnownLogin = ({ logins }: BrowserCookie, { id, browser_epoch }: KnownTo): KnownLogin | undefined =>
  logins.find(
    (known) => known.id === id && known.epoch === browser_epoch && known.day > getDay() - MAX_AGE_DAYS,
  );

/**
 * Who tries to sign in, or to give the second factor. Whoever has the password can make a browser known to the login, so
 * for the second factor it counts as known only once the factor has been given there.
 */
export async function identifyVisitor(req: Request, kind: AttemptKind, name: string): Promise<Visitor> {
  const login = await findLoginByName(name);
  const kept = readBrowser(req);
  const known = login && kept && findKnownLogin(kept, login);
  const isKnown = known !== undefined && (kind === 'login' || known.verified);
  return {
    login: login?.login ?? name,
    exists: login !== undefined,
    client: getClientKey(req),
    ...(isKnown && { browser: kept?.browser }),
  };
}

/** Makes the browser known to a login that has signed in, for a year. */
export function rememberBrowser(req: Request, res: Response, login: KnownTo, isVerified = false): void {
  const kept = readBrowser(req) ?? { browser: randomBytes(12).toString('base64url'), logins: [] };
  const known = findKnownLogin(kept, login);
  const { id, browser_epoch: epoch } = login;
  const renewed = { id, epoch, day: getDay(), verified: isVerified || (known?.verified ?? false) };
  const others = kept.logins.filter((other) => other.id !== id);
  const logins = [renewed, ...others].slice(0, MAX_LOGINS);
  setSignedCookie(res, COOKIE, { ...kept, logins }, MAX_AGE_DAYS * DAY_MS);
}

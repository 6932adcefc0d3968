import express, { type Express } from 'express';
import { createApp } from '../../app';
import { moveClock } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { getRedis } from '../../lib/redis/redis';
import { Browser } from './browser';
import { waitFor } from './eventually';
import { createMyPageUser, openMyPageBrowser, type TestMyPageUser } from './users';
import { listRedisKeys } from './redis-process';

export interface TestContactUser extends TestMyPageUser {
  loginId: number;
  /** Digits. */
  contactNumber: string;
}

let numbers = 0;

/** A member with a contact number that no other has, so that no other's sends count for it. */
export async function createContactUser(contactNumber?: string): Promise<TestContactUser> {
  numbers += 1;
  const contact_number = contactNumber ?? `090${String(20_000_000 + numbers)}`;
  const user = await createMyPageUser();
  const [login] = await db<{ id: number; login: string; contact_number: string }>('logins')
    .where({ login: user.login })
    .update({ contact_number })
    .returning('id');
  return { ...user, loginId: login?.id ?? 0, contactNumber: contact_number };
}

/** The portal, and the cookies that it sets, the newest last. Made when the database is there. */
export function watchCookies(): { app: Express; cookies: string[] } {
  const cookies: string[] = [];
  const app = express();
  app.use((_req, res, next) => {
    res.on('finish', () => cookies.push(...[res.getHeader('set-cookie') ?? []].flat().map(String)));
    next();
  });
  app.use(createApp());
  return { app, cookies };
}

/** Up to the page that asks for the code, which is on its way by SMS. */
export async function requestCode(browser: Browser, { contactNumber }: TestContactUser): Promise<Browser> {
  await browser.visit('/mypage/verification');
  await browser.press('次へ', { number: contactNumber });
  return browser.press('送信する', { method: 'sms' });
}

/** The digits that the page shows in development, once the worker has sent them. */
export const readCodeOnPage = (browser: Browser): Promise<string> =>
  waitFor(async () => {
    await browser.visit('/mypage/verification/code');
    const digits = browser.$('.devbox b').text();
    expect(digits).toMatch(/^\d{6}$/);
    return digits;
  });

/** Other digits than these. */
export const getWrongCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

export async function verify(
  app: Express,
  user: TestContactUser,
  fields: Record<string, string> = {},
): Promise<Browser> {
  const browser = await requestCode(await openMyPageBrowser(app, user), user);
  const code = await readCodeOnPage(browser);
  return browser.press('認証', { code, ...fields });
}

/** While a limit is read and set again, real time goes on, which it would otherwise get back. */
const ROUND_TRIP_MS = 20;

/** Time goes on for the portal, and for the limits in Redis, which have the real clock. */
export async function passTime(milliseconds: number): Promise<void> {
  moveClock(milliseconds);
  for (const key of await listRedisKeys('limit-*')) {
    const left = (await getRedis().pttl(key)) - milliseconds - ROUND_TRIP_MS;
    if (left <= 0) await getRedis().del(key);
    else await getRedis().pexpire(key, left);
  }
}

/** Empties Redis, but for the sessions. */
export async function clearLimits(): Promise<void> {
  for (const key of await listRedisKeys('limit-*')) await getRedis().del(key);
}

import express, { type Express } from 'express';
import { createApp } from '../../app';
import { moveClock } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { redis } from '../../lib/redis/redis';
import { Browser } from './browser';
import { eventually } from './eventually';
import { newMember, type TestMember } from './members';
import { redisKeys } from './redis-process';

export interface ContactMember extends TestMember {
  accountId: number;
  /** Digits. */
  contactNumber: string;
}

let numbers = 0;

/** A member with a contact number that no other has, so that no other's sends count for it. */
export async function newContactMember(contactNumber?: string): Promise<ContactMember> {
  numbers += 1;
  const contact_number = contactNumber ?? `090${String(20_000_000 + numbers)}`;
  const member = await newMember();
  const [account] = await db<{ id: number; customer_number: string; contact_number: string }>('accounts')
    .where({ customer_number: member.customerNumber })
    .update({ contact_number })
    .returning('id');
  return { ...member, accountId: account?.id ?? 0, contactNumber: contact_number };
}

/** A browser in which this member has logged in, but not given the second factor. */
export async function memberBrowser(app: Express, { login, password }: TestMember): Promise<Browser> {
  const browser = await new Browser(app).visit('/mypage/login');
  return browser.press('ログイン', { loginId: login, password });
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
export async function askForCode(browser: Browser, { contactNumber }: ContactMember): Promise<Browser> {
  await browser.visit('/mypage/verification');
  await browser.press('次へ', { number: contactNumber });
  return browser.press('送信する', { method: 'sms' });
}

/** The digits that the page shows in development, once the worker has sent them. */
export const codeOnPage = (browser: Browser): Promise<string> =>
  eventually(async () => {
    await browser.visit('/mypage/verification/code');
    const digits = browser.$('.devbox b').text();
    expect(digits).toMatch(/^\d{6}$/);
    return digits;
  });

/** Other digits than these. */
export const wrongCode = (digits: string): string =>
  String((Number(digits) + 1) % 1_000_000).padStart(6, '0');

export async function verify(
  app: Express,
  member: ContactMember,
  fields: Record<string, string> = {},
): Promise<Browser> {
  const browser = await askForCode(await memberBrowser(app, member), member);
  const code = await codeOnPage(browser);
  return browser.press('認証', { code, ...fields });
}

/** While a limit is read and set again, real time goes on, which it would otherwise get back. */
const ON_THE_WAY_MS = 20;

/** Time goes on for the portal, and for the limits in Redis, which have the real clock. */
export async function passTime(milliseconds: number): Promise<void> {
  moveClock(milliseconds);
  for (const key of await redisKeys('limit-*')) {
    const left = (await redis().pttl(key)) - milliseconds - ON_THE_WAY_MS;
    if (left <= 0) await redis().del(key);
    else await redis().pexpire(key, left);
  }
}

/** As if Redis had been emptied, but for the sessions. */
export async function forgetLimits(): Promise<void> {
  for (const key of await redisKeys('limit-*')) await redis().del(key);
}

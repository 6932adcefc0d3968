import type { Express } from 'express';
import { moveClock } from '../../../lib/values/clock';
import { AREAS } from '../../../routes/areas';
import { Browser } from '../../support/browser';
import type { Capture, PageState } from './page-state';

const MAX_LOGIN_ATTEMPTS = 10;
/** After half an hour a session has ended. */
const IDLE_MS = 31 * 60_000;

/** A login and what can become of it. */
export async function captureLogin(
  capture: Capture,
  app: Express,
  address: string,
  [loginId, password]: [string, string],
): Promise<void> {
  const browser = await new Browser(app).visit(address);
  capture(`${address} login`, browser);
  await browser.press('ログイン', { loginId, password: 'wrong' });
  capture(`${address} wrong login`, browser);
  await browser.press('ログイン', { _csrf: 'old' });
  capture(`${address} old form of login`, browser);
  await browser.press('ログイン', { loginId, password });
  moveClock(IDLE_MS);
  await browser.visit(browser.path);
  capture(`${address} ended session`, browser);
  for (let tries = 0; tries <= MAX_LOGIN_ATTEMPTS; tries += 1)
    await browser.press('ログイン', { loginId: 'nobody', password: 'wrong' });
  capture(`${address} locked login`, browser);
}

/** The page of each error, for who is not signed in. */
export async function captureErrors(app: Express): Promise<PageState[]> {
  const statuses = [403, 404, 413, 422, 429, 500, 503];
  return Promise.all(
    statuses.map(async (status) => {
      const html = await new Promise<string>((resolve, reject) => {
        const locals = { requestId: '5f0c7c1e-5d4b-4f2e-9f53-0a8a3f6c2d11', area: AREAS.selfpage };
        app.render(`errors/${status}`, locals, (error, text) => (text ? resolve(text) : reject(error)));
      });
      return { name: `error ${status}`, path: '/nowhere', status, html, isCompressed: false };
    }),
  );
}

import { createApp } from '../../app';
import { moveClock } from '../../models/clock';
import { redis } from '../../models/redis';
import { SESSION_PREFIX } from '../../models/session-register';
import type { Browser } from '../support/browser';
import { newCustomer, signedInBrowser } from '../support/customers';
import { closeTestPortal, openTestPortal } from '../support/portal';

const MINUTE_MS = 60_000;
const HALF_A_DAY = 12 * 3600;
const app = createApp();
let browser: Browser;

beforeAll(async () => {
  await openTestPortal();
  browser = await signedInBrowser(app, await newCustomer());
});
afterAll(closeTestPortal);

function keyOfSession(): string {
  const [, id = ''] = /^s:([^.]+)/.exec(decodeURIComponent(browser.cookie('meisai'))) ?? [];
  return SESSION_PREFIX + id;
}

/** Until Redis forgets the session. */
const secondsLeft = (): Promise<number> => redis().ttl(keyOfSession());

describe('a session in use', () => {
  it('is written again, for half a day more, after a minute', async () => {
    expect(await secondsLeft()).toBeGreaterThan(HALF_A_DAY - 60);
    await redis().expire(keyOfSession(), 100);
    await browser.visit('/selfpage/contract');
    expect(await secondsLeft()).toBeLessThanOrEqual(100);

    moveClock(MINUTE_MS + 1);
    await browser.visit('/selfpage/contract');
    expect(await secondsLeft()).toBeGreaterThan(HALF_A_DAY - 60);
  });

  it('lives on as long as no half hour passes between two pages', async () => {
    for (let pages = 0; pages < 4; pages += 1) {
      moveClock(29 * MINUTE_MS);
      await browser.visit('/selfpage/contract');
      expect(browser.path).toBe('/selfpage/contract');
    }
    moveClock(30 * MINUTE_MS + 1);
    await browser.visit('/selfpage/contract');
    expect(browser.path).toBe('/');
  });
});

import express from 'express';
import { createApp } from '../../app';
import { config } from '../../config';
import { CappedCounter } from '../../lib/redis/capped-counter';
import { listAuditEvents } from '../../models/sign-in/audit';
import { Browser } from '../support/browser';
import { runCommand, runJson } from '../support/command';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../support/users';
import { clearLimits, passTime } from '../support/verification';

const MINUTE = 60_000;
const CENTRE = config.SUPPORT_NAME;

/** The portal behind a proxy that tells it these addresses. */
let clientAddress = '';
Object.assign(config, { TRUST_PROXY: 1 });
const app = express();
app.use((req, _res, next) => {
  req.headers['x-forwarded-for'] = clientAddress;
  next();
});
app.use(createApp());

beforeAll(openTestPortal);
afterAll(closeTestPortal);

let clients = 0;

/** From now on requests come from another client. */
function changeClient(): void {
  clients += 1;
  clientAddress = `10.0.${Math.floor(clients / 256)}.${clients % 256}`;
}

beforeEach(async () => {
  await clearLimits();
  changeClient();
});

const tryPassword = async (browser: Browser, loginId: string, password: string): Promise<number> => {
  await browser.visit('/');
  await browser.press('ログイン', { loginId, password });
  return browser.status;
};

/** Fails so often, each time with a browser of its own, in groups of clients. */
async function failFromNewBrowsers(loginId: string, times: number, perClient: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let attempt = 0; attempt < times; attempt += 1) {
    if (attempt % perClient === 0) changeClient();
    statuses.push(await tryPassword(new Browser(app), loginId, 'wrong123'));
  }
  return statuses;
}

/** The failures of all new browsers of a login, of which so many have happened already. */
const countEarlierFailures = (login: string, failures: number, exists = true) =>
  (exists
    ? new CappedCounter('new-browsers', { seconds: 86_400, maxKeys: Infinity })
    : new CappedCounter('new-browsers-unknown', { seconds: 86_400 })
  ).add({ subject: login }, failures);

/** A browser that has signed in once, and then out. */
async function openKnownBrowser(user: TestSelfPageUser): Promise<Browser> {
  const browser = await openSelfPageBrowser(app, user);
  return browser.press('ログアウト');
}

const only = (statuses: number[]): number[] => [...new Set(statuses)];

describe('a login at a client', () => {
  it('is refused after 10 failures in 15 minutes, at this client alone', async () => {
    const user = await createSelfPageUser();
    expect(only(await failFromNewBrowsers(user.login, 10, 10))).toEqual([422]);
    const browser = new Browser(app);
    expect(await tryPassword(browser, user.login.toUpperCase(), user.password)).toBe(429);
    expect(browser.$('[role=alert]').text()).toBe('しばらく時間をおいてから、もう一度お試しください');
    expect(Number(browser.getHeader('retry-after'))).toBeGreaterThan(800);

    changeClient();
    await tryPassword(browser, user.login, user.password);
    expect(browser.path).toBe('/selfpage/contract');
  });

  it('begins anew after 15 minutes, or with the right password', async () => {
    const user = await createSelfPageUser();
    await failFromNewBrowsers(user.login, 9, 9);
    await openSelfPageBrowser(app, user);
    const browser = new Browser(app);
    for (let failure = 0; failure < 10; failure += 1)
      expect(await tryPassword(browser, user.login, 'wrong123')).toBe(422);
    expect(await tryPassword(browser, user.login, user.password)).toBe(429);
    await passTime(15 * MINUTE);
    await tryPassword(browser, user.login, user.password);
    expect(browser.path).toBe('/selfpage/contract');
  });
});

describe('a client', () => {
  it('is refused after 200 failures in 15 minutes, but for browsers that are known', async () => {
    const user = await createSelfPageUser();
    const known = await openKnownBrowser(user);
    await new CappedCounter('client', { seconds: 900 }).add({ client: clientAddress }, 197);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      statuses.push(await tryPassword(new Browser(app), `nobody-${attempt}`, 'wrong123'));
    expect(only(statuses)).toEqual([422]);
    expect(await tryPassword(new Browser(app), user.login, user.password)).toBe(429);

    await tryPassword(known, user.login, user.password);
    expect(known.path).toBe('/selfpage/contract');
  }, 60_000);
});

describe('a login at all new browsers', () => {
  it('shuts them out for an hour after 100 failures in 24 hours, and no browser that is known', async () => {
    const user = await createSelfPageUser();
    const known = await openKnownBrowser(user);
    expect(only(await failFromNewBrowsers(user.login, 100, 9))).toEqual([422]);

    changeClient();
    const stranger = new Browser(app);
    expect(await tryPassword(stranger, user.login, user.password)).toBe(429);
    expect(stranger.$('[role=alert]').text()).toContain(CENTRE);
    expect(Number(stranger.getHeader('retry-after'))).toBeGreaterThan(3500);
    await tryPassword(known, user.login, user.password);
    expect(known.path).toBe('/selfpage/contract');

    const events = await listAuditEvents(300, user.login);
    expect(events.filter(({ event }) => event === 'browsers_shut_out')).toHaveLength(1);
    expect(await runJson('status')).toMatchObject({ shut_out_logins: 1 });
    const [account] = await runJson<{ locked_until: string | null }[]>('account', 'list').then((list) =>
      list.filter((one) => 'login' in one && one.login === user.login),
    );
    expect(account?.locked_until).not.toBeNull();

    await passTime(60 * MINUTE);
    expect(await tryPassword(new Browser(app), user.login, 'wrong123')).toBe(422);
    expect(await tryPassword(new Browser(app), user.login, user.password)).toBe(429);
    await passTime(60 * MINUTE);
    await tryPassword(stranger, user.login, user.password);
    expect(stranger.path).toBe('/selfpage/contract');
  }, 60_000);

  it('counts no more than 100 that come at the same time', async () => {
    const { login } = await createSelfPageUser();
    const browsers = await Promise.all(
      Array.from({ length: 15 }, async () => ({ browser: await new Browser(app).visit('/') })),
    );
    await countEarlierFailures(login, 95);
    changeClient();
    const answers = await Promise.all(
      browsers.map(async ({ browser }) => {
        const fields = { ...browser.getFields('ログイン'), loginId: login, password: 'wrong123' };
        return (await browser.send('/selfpage/login', fields)).status;
      }),
    );
    expect(answers.filter((status) => status === 422)).toHaveLength(5);
    expect(answers.filter((status) => status === 429)).toHaveLength(10);
  }, 60_000);

  it('does the same for a name that does not exist', async () => {
    await countEarlierFailures('nobody', 98, false);
    expect(only(await failFromNewBrowsers('nobody', 2, 9))).toEqual([422]);
    const browser = new Browser(app);
    changeClient();
    expect(await tryPassword(browser, 'nobody', 'wrong123')).toBe(429);
    expect(browser.$('[role=alert]').text()).toContain(CENTRE);
  }, 60_000);
});

describe('a browser that is known to a login', () => {
  it('is refused after 10 failures of its own', async () => {
    const user = await createSelfPageUser();
    const known = await openKnownBrowser(user);
    const other = await openKnownBrowser(user);
    for (let failure = 0; failure < 10; failure += 1)
      expect(await tryPassword(known, user.login, 'wrong123')).toBe(422);
    expect(await tryPassword(known, user.login, user.password)).toBe(429);
    await tryPassword(other, user.login, user.password);
    expect(other.path).toBe('/selfpage/contract');
    await tryPassword(new Browser(app), user.login, user.password);
  });

  it('is new to every other login, and to one with a cookie that was changed', async () => {
    const [user, other] = [await createSelfPageUser(), await createSelfPageUser()];
    const known = await openKnownBrowser(user);
    await failFromNewBrowsers(other.login, 10, 10);
    expect(await tryPassword(known, other.login, other.password)).toBe(429);
  });

  it('is new again after a reset by the operator, and after a year', async () => {
    const user = await createSelfPageUser();
    const known = await openKnownBrowser(user);
    const { password } = await runJson<{ password: string }>('account', 'reset', user.login);
    await failFromNewBrowsers(user.login, 10, 10);
    expect(await tryPassword(known, user.login, password)).toBe(429);

    changeClient();
    const again = await openKnownBrowser({ ...user, password });
    await passTime(364 * 86_400_000);
    await failFromNewBrowsers(user.login, 10, 10);
    await tryPassword(again, user.login, password);
    expect(again.path).toBe('/selfpage/contract');
    await again.press('ログアウト');
    await passTime(366 * 86_400_000);
    await failFromNewBrowsers(user.login, 10, 10);
    expect(await tryPassword(again, user.login, password)).toBe(429);
  });
});

describe('meisai account unlock', () => {
  it('lifts every lock of a login, or of a client', async () => {
    const user = await createSelfPageUser();
    await countEarlierFailures(user.login, 98);
    await failFromNewBrowsers(user.login, 2, 9);
    expect(await tryPassword(new Browser(app), user.login, user.password)).toBe(429);
    await runCommand('account', 'unlock', user.login);
    const browser = new Browser(app);
    await tryPassword(browser, user.login, user.password);
    expect(browser.path).toBe('/selfpage/contract');

    await failFromNewBrowsers(user.login, 10, 10);
    expect(await tryPassword(new Browser(app), user.login, user.password)).toBe(429);
    expect(await runCommand('account', 'unlock', `::ffff:${clientAddress}`)).toMatchObject({
      status: 0,
      out: `${clientAddress} is not locked\n`,
    });
    const next = new Browser(app);
    await tryPassword(next, user.login, user.password);
    expect(next.path).toBe('/selfpage/contract');
    expect(await runCommand('account', 'unlock', 'nobody')).toMatchObject({ status: 1 });
  }, 60_000);
});

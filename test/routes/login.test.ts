import request from 'supertest';
import { createApp } from '../../app';
import { moveClock } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { Browser } from '../support/browser';
import {
  createSelfPageUser,
  openSelfPageBrowser,
  type TestSelfPageUser,
  createMyPageUser,
  openMyPageBrowser,
} from '../support/users';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { emptyRedis } from '../support/redis-process';

const app = createApp();
const WRONG = 'セルフIDまたはセルフパスワードが正しくありません';
const EXPIRED = 'ログインの有効時間が過ぎました。もう一度ログインしてください';
const MINUTE = 60_000;

let customer: TestSelfPageUser;

beforeAll(async () => {
  await openTestPortal();
  customer = await createSelfPageUser(['05012345678']);
});
afterAll(closeTestPortal);

describe('OPTIONS', () => {
  it.each([
    ['/', 'GET, HEAD'],
    ['/selfpage/login', 'GET, HEAD, POST'],
    ['/mypage/login', 'GET, HEAD, POST'],
  ])('%s names the methods of the login: %s', async (path, methods) => {
    await request(app).options(path).expect(200).expect('Allow', methods);
  });
});

describe('GET /', () => {
  it('shows the login with the hint and the customer centre', async () => {
    const browser = await new Browser(app).visit('/');

    expect(browser.heading).toBe('セルフページ ログイン');
    expect(browser.main).toContain(
      'セルフID・セルフパスワード(初期)につきましては「ご利用開始のご案内(開通通知)」をご確認ください。',
    );
    expect(browser.$('footer').text()).toContain('※受付時間 平日: 9:00~18:00(土・日・祝日・年末年始を除く)');
    expect(browser.$('a[href="/mypage/login"]').text()).toBe('マイページへログイン');
  });

  it('leads a customer who has logged in to the contract', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    await browser.visit('/');
    expect(browser.path).toBe('/selfpage/contract');
  });
});

describe('POST /selfpage/login', () => {
  it('lets the customer in under a new session id each time', async () => {
    const member = await createMyPageUser();
    const browser = await new Browser(app).visit('/');
    const before = browser.getCookie('meisai');
    await browser.press('ログイン', { loginId: customer.login, password: customer.password });

    expect(browser.path).toBe('/selfpage/contract');
    expect(before).toBe('');
    const first = browser.getCookie('meisai');
    expect(first).not.toBe('');
    await browser.visit('/mypage/login');
    await browser.press('ログイン', { loginId: member.login, password: member.password });
    expect(browser.path).toBe('/mypage');
    expect(browser.getCookie('meisai')).not.toBe(first);
  });

  it('lets the customer in by a double click', async () => {
    const browser = await new Browser(app).visit('/');
    const { login: loginId, password } = customer;
    const fields = { ...browser.getFields('ログイン'), loginId, password };
    await browser.post('/selfpage/login', fields);
    await browser.post('/selfpage/login', fields);
    expect([browser.status, browser.path]).toEqual([200, '/selfpage/contract']);

    await browser.post('/selfpage/login', { ...fields, loginId: 'd000000000' });
    expect([browser.status, browser.heading]).toEqual([403, 'セルフページ ログイン']);
  });

  it.each([
    ['a wrong password', (known: TestSelfPageUser) => ({ loginId: known.login, password: 'wrong123' })],
    ['an unknown ID', () => ({ loginId: 'd000000000', password: 'wrong123' })],
  ])('answers %s with the same words, and keeps the ID only', async (_case, typed) => {
    const browser = await new Browser(app).visit('/');
    const fields = typed(customer);
    await browser.press('ログイン', fields);

    expect(browser.status).toBe(422);
    expect(browser.$('[role=alert]').text()).toBe(WRONG);
    expect(browser.$('#loginId').val()).toBe(fields.loginId);
    expect(browser.html).not.toContain(fields.password);
  });

  it('answers a form without its token with the login, the ID kept', async () => {
    const browser = await new Browser(app).visit('/');
    await browser.post('/selfpage/login', { loginId: customer.login, password: customer.password });

    expect(browser.status).toBe(403);
    expect(browser.$('[role=alert]').text()).toBe('画面の有効期限が切れました。もう一度ログインしてください');
    expect(browser.$('#loginId').val()).toBe(customer.login);
  });

  it('tells a browser that keeps no cookies what it lacks', async () => {
    const { login: loginId, password } = customer;
    const seen = await new Browser(app).visit('/');
    const fields = seen.getFields('ログイン');
    const browser = new Browser(app);
    await browser.post('/selfpage/login', { ...fields, loginId, password });

    expect(browser.status).toBe(403);
    expect(browser.$('[role=alert]').text()).toContain('Cookieを有効にしてから');
  });

  it('knows a double click with capital letters in the ID', async () => {
    const { login: loginId, password } = await createSelfPageUser([], { code: 'D-Capital' });
    const browser = await new Browser(app).visit('/');
    const fields = { ...browser.getFields('ログイン'), loginId, password };
    await browser.post('/selfpage/login', fields);
    await browser.post('/selfpage/login', fields);
    expect([browser.status, browser.path]).toEqual([200, '/selfpage/contract']);
  });

  it('answers an ID with a NUL, which PostgreSQL cannot look for, like any wrong one', async () => {
    const browser = await new Browser(app).visit('/');
    await browser.press('ログイン', { loginId: 'd000\u0000000000', password: 'wrong\u0000123' });
    expect(browser.status).toBe(422);
    expect(browser.$('[role=alert]').text()).toBe(WRONG);
  });

  it('writes each try into the audit log, but no password', async () => {
    const browser = await new Browser(app).visit('/');
    await browser.press('ログイン', { loginId: customer.login, password: 'secret99' });
    const events = await db('audit_events').where({ login: customer.login }).orderBy('id', 'desc');

    expect(events[0]).toMatchObject({
      event: 'login_failed',
      address: expect.stringContaining('127.0.0.1') as string,
    });
    expect(JSON.stringify(events)).not.toContain('secret99');
  });

  it('locks an ID after 10 failures in 15 minutes, for the right password too', async () => {
    const locked = await createSelfPageUser();
    const browser = await new Browser(app).visit('/');
    for (let failure = 0; failure < 10; failure += 1) {
      await browser.press('ログイン', { loginId: locked.login, password: 'wrong123' });
      expect(browser.status).toBe(422);
    }
    await browser.press('ログイン', { loginId: locked.login, password: locked.password });

    expect(browser.status).toBe(429);
    expect(Number(browser.getHeader('retry-after'))).toBeGreaterThan(800);
    expect(browser.$('[role=alert]').text()).toBe('しばらく時間をおいてから、もう一度お試しください');

    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    expect(browser.path).toBe('/selfpage/contract');
  });

  it('does not count what could not be looked at while the database was away', async () => {
    const waiting = await createSelfPageUser();
    const browser = new Browser(app);
    await db.destroy();
    for (let outage = 0; outage < 11; outage += 1) {
      await browser.visit('/');
      await browser.press('ログイン', { loginId: waiting.login, password: waiting.password });
      expect(browser.status).toBe(503);
    }
    db.initialize();
    await browser.visit('/');
    await browser.press('ログイン', { loginId: waiting.login, password: waiting.password });
    expect(browser.path).toBe('/selfpage/contract');
  });
});

describe('a session', () => {
  it('leads to the login first, then to the page that was asked for', async () => {
    const browser = await new Browser(app).visit('/selfpage/charges');
    expect(browser.path).toBe('/');
    expect(browser.main).not.toContain('ログアウトしました');

    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    expect(browser.path).toBe('/selfpage/charges');
  });

  it('lives through 29 idle minutes and ends after 31', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    moveClock(29 * MINUTE);
    await browser.visit('/selfpage/charges');
    expect(browser.path).toBe('/selfpage/charges');

    moveClock(31 * MINUTE);
    await browser.visit('/selfpage/charges?page=1');
    expect(browser.path).toBe('/');
    expect(browser.main).toContain(EXPIRED);

    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    expect(browser.path).toBe('/selfpage/charges?page=1');
  });

  it('says so too on the login itself, where the header’s link leads', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    moveClock(31 * MINUTE);
    await browser.visit('/');
    expect(browser.heading).toBe('セルフページ ログイン');
    expect(browser.main).toContain(EXPIRED);
  });

  it('begins at the contract where the address says no more than the page', async () => {
    const browser = await new Browser(app).visit('/selfpage/');
    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    expect([browser.status, browser.path]).toEqual([200, '/selfpage/contract']);
  });

  it('of the my page goes on where somebody looks at a self page, and no logout is told', async () => {
    const browser = await openMyPageBrowser(app, await createMyPageUser());
    await browser.visit('/selfpage/charges');
    expect(browser.heading).toBe('セルフページ ログイン');
    expect(browser.main).not.toContain('ログアウトしました');

    await browser.visit('/mypage');
    expect(browser.heading).toBe('マイページ');
  });

  it('of the my page goes on where the self page’s, of the same account, was put an end to', async () => {
    const member = await createMyPageUser();
    const self = await createSelfPageUser([], { customer_number: member.customerNumber });
    const browser = await openSelfPageBrowser(app, self);
    await browser.visit('/mypage/login');
    await browser.press('ログイン', { loginId: member.login, password: member.password });
    await db('logins').where({ login: self.login }).increment('session_epoch', 1);

    await browser.visit('/selfpage/charges');
    expect(browser.heading).toBe('セルフページ ログイン');
    expect(browser.main).toContain('ログアウトしました');
    await browser.visit('/mypage');
    expect(browser.heading).toBe('マイページ');

    await browser.visit('/selfpage/charges');
    await browser.press('ログイン', { loginId: self.login, password: self.password });
    expect(browser.path).toBe('/selfpage/charges');
  });

  it('says so too where Redis has forgotten it', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    await emptyRedis();
    await browser.visit('/selfpage/charges');
    expect(browser.path).toBe('/');
    expect(browser.main).toContain(EXPIRED);

    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    expect(browser.path).toBe('/selfpage/charges');
  });

  it('ends after 12 hours, however busy', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    for (let turn = 0; turn < 24; turn += 1) {
      moveClock(29 * MINUTE);
      await browser.visit('/selfpage/contract');
      expect(browser.path).toBe('/selfpage/contract');
    }
    moveClock(25 * MINUTE);
    await browser.visit('/selfpage/contract');
    expect(browser.path).toBe('/');
  });

  it('leads a form that was sent too late to the login and back to its page', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    await browser.visit('/selfpage/password');
    moveClock(31 * MINUTE);
    await browser.press('OK', { current: 'a', new: 'b', again: 'c' });
    expect(browser.path).toBe('/');

    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    expect(browser.path).toBe('/selfpage/password');
  });
});

describe('POST /selfpage/logout', () => {
  it('ends the session', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    await browser.press('ログアウト');
    expect(browser.heading).toBe('セルフページ ログイン');

    await browser.visit('/selfpage/contract');
    expect(browser.path).toBe('/');
  });

  it('leads to the login by a double click', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    const fields = browser.getFields('ログアウト');
    await browser.post('/selfpage/logout', fields);
    await browser.post('/selfpage/logout', fields);
    expect([browser.status, browser.heading]).toEqual([200, 'セルフページ ログイン']);
    expect(browser.main).not.toContain(EXPIRED);
  });

  it('does nothing without the form’s token', async () => {
    const browser = await openSelfPageBrowser(app, customer);
    await browser.post('/selfpage/logout', {});
    expect(browser.status).toBe(403);

    await browser.visit('/selfpage/contract');
    expect(browser.path).toBe('/selfpage/contract');
  });
});

import { createApp } from '../../app';
import { getRedis } from '../../lib/redis/redis';
import {
  isSessionIndexed,
  listIndexedSessions,
  SESSION_PREFIX,
  unindexSession,
} from '../../lib/redis/session-index';
import { db } from '../../lib/database/db';
import { moveClock } from '../../lib/values/clock';
import { resetPassword } from '../../models/account/reset-password';
import { Browser } from '../support/browser';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { emptyRedis, listRedisKeys } from '../support/redis-process';
import {
  createMyPageUser,
  createSelfPageUser,
  openMyPageBrowser,
  openSelfPageBrowser,
  type TestSelfPageUser,
} from '../support/users';

const HALF_AN_HOUR = 30 * 60;
const HALF_A_DAY = 12 * 3600;
const EXPIRED = 'ログインの有効時間が過ぎました。もう一度ログインしてください';
const app = createApp();
let customer: TestSelfPageUser;
let browser: Browser;

beforeAll(openTestPortal);
afterAll(closeTestPortal);
beforeEach(async () => {
  customer = await createSelfPageUser();
  browser = await openSelfPageBrowser(app, customer);
});

const readSessionId = (from = browser): string =>
  /^s:([^.]+)/.exec(decodeURIComponent(from.getCookie('meisai')))?.[1] ?? '';

async function findLoginId(login = customer.login): Promise<number> {
  const { id } = await db('logins').where({ login }).first<{ id: number }>('id');
  return id;
}

/** What another browser sees that has kept a cookie: its page and what it says. */
async function visitWith(cookie: string, path = '/selfpage/contract'): Promise<Browser> {
  const visitor = new Browser(app);
  visitor.setCookie('meisai', cookie);
  return visitor.visit(path);
}

async function changePassword(from: Browser, current: string, fresh: string): Promise<void> {
  await from.follow('パスワードの変更');
  await from.press('OK', { current, new: fresh, again: fresh });
  await from.press('OK');
}

describe('a response that began before the logout', () => {
  it('does not bring the session back', async () => {
    const [cookie, id] = [browser.getCookie('meisai'), readSessionId()];
    const { password } = customer;
    await browser.follow('パスワードの変更');
    const logout = browser.getFields('ログアウト');
    const change = { ...browser.getFields('OK'), current: password, new: 'abc123', again: 'abc123' };
    // Two hashes of passwords lie between reading and writing the session.
    const slow = Promise.resolve(browser.send('/selfpage/password', change));
    while (!(await isSlowRequestHashing())) await new Promise(setImmediate);
    await browser.send('/selfpage/logout', logout);
    expect(await getRedis().exists(SESSION_PREFIX + id)).toBe(0);

    expect((await slow).status).toBe(303);
    expect(await getRedis().exists(SESSION_PREFIX + id)).toBe(0);
    const again = await visitWith(cookie);
    expect(again.heading).toBe('セルフページ ログイン');
    expect(again.main).toContain('ログアウトしました');
  });

  /** The attempt is counted right before the password is looked at. */
  const isSlowRequestHashing = async (): Promise<boolean> =>
    (await listRedisKeys('limit-login-*')).length > 0;

  beforeEach(async () => {
    for (const key of await listRedisKeys('limit-login-*')) await getRedis().del(key);
  });
});

it('ends a session that is stored but not in the register', async () => {
  expect(await isSessionIndexed(await findLoginId(), readSessionId())).toBe(true);
  await unindexSession(await findLoginId(), readSessionId());
  await browser.visit('/selfpage/contract');
  expect(browser.heading).toBe('セルフページ ログイン');
});

it('stores a session for half an hour from its last use', async () => {
  const key = SESSION_PREFIX + readSessionId();
  await getRedis().expire(key, 100);
  moveClock(61_000);
  await browser.visit('/selfpage/contract');
  expect(await getRedis().ttl(key)).toBeGreaterThan(HALF_AN_HOUR - 60);
  expect(await getRedis().ttl(key)).toBeLessThanOrEqual(HALF_AN_HOUR);
});

describe('an ended session says why', () => {
  it('after a change of the password', async () => {
    const other = await openSelfPageBrowser(app, customer);
    await changePassword(browser, customer.password, 'abc123');
    await other.visit('/selfpage/charges');
    expect(other.main).toContain('パスワードが変更されたため、ログアウトしました');
    await other.press('ログイン', { loginId: customer.login, password: customer.password });
    expect(other.path).toBe('/selfpage/charges');
  });

  it.each(['with Redis', 'while Redis keeps the session'])('after a reset, %s', async (redis) => {
    const stored = (await getRedis().get(SESSION_PREFIX + readSessionId())) ?? '';
    const [id, login] = [readSessionId(), await findLoginId()];
    await resetPassword(customer.login);
    if (redis !== 'with Redis') {
      await emptyRedis();
      await getRedis().set(SESSION_PREFIX + id, stored);
      await getRedis().zadd(`session-register:${login}`, Date.now() / 1000, id);
    }
    await browser.visit('/selfpage/charges');
    expect(browser.main).toContain('お客さまセンターでパスワードが初期化されたため、ログアウトしました');
  });

  it('in words that are true after idling and an emptied Redis alike', async () => {
    const cookie = browser.getCookie('meisai');
    moveClock(31 * 60_000);
    expect((await visitWith(cookie)).main).toContain(EXPIRED);
    await emptyRedis();
    expect((await visitWith(cookie)).main).toContain(EXPIRED);
    expect((await visitWith(cookie, '/')).main).toContain(EXPIRED);
  });

  it('but not to a browser whose cookie is not signed by the portal', async () => {
    await emptyRedis();
    const [id] = browser.getCookie('meisai').split('.');
    const forged = await visitWith(`${id}.${encodeURIComponent(Buffer.alloc(32).toString('base64'))}`);
    expect(forged.heading).toBe('セルフページ ログイン');
    expect(forged.$('[role=status]').text()).toBe('');
  });

  it('and leaves 60 bytes for 12 hours, where the session existed', async () => {
    await emptyRedis();
    await browser.visit('/');
    await browser.press('ログイン', { loginId: customer.login, password: customer.password });
    const fields = browser.getFields('ログアウト');
    const answer = await browser.send('/selfpage/logout', fields);
    expect(String(answer.headers['set-cookie'])).toMatch(/^meisai=; .*Expires=Thu, 01 Jan 1970/);
    const [mark = '', ...others] = await listRedisKeys('ended:*');
    expect(others).toEqual([]);
    expect(mark.length + ((await getRedis().get(mark)) ?? '').length).toBeLessThanOrEqual(60);
    expect(await getRedis().ttl(mark)).toBeGreaterThan(HALF_A_DAY - 60);
  });

  it('for the area whose login ended, while the other area’s goes on', async () => {
    const member = await createMyPageUser();
    const self = await createSelfPageUser([], { customer_number: member.customerNumber });
    const both = await openMyPageBrowser(app, member);
    await both.visit('/');
    await both.press('ログイン', { loginId: self.login, password: self.password });
    await changePassword(await openSelfPageBrowser(app, self), self.password, 'abc123');
    await both.visit('/selfpage/charges');
    expect(both.heading).toBe('セルフページ ログイン');
  });
});

it('moves a login to the next session only once, and not after a logout', async () => {
  const login = await findLoginId();
  const { login: loginId, password } = customer;
  await browser.follow('パスワードの変更');
  await browser.press('ログアウト');
  expect(await listIndexedSessions(login)).toEqual([]);
  await browser.press('ログイン', { loginId, password });
  expect(await listIndexedSessions(login)).toEqual([readSessionId()]);
});

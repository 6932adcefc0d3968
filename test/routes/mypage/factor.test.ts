import { createApp } from '../../../app';
import { type CodeWorker, startCodeWorker } from '../../../jobs/verification-codes/worker';
import { db } from '../../../lib/database/db';
import { issueAccount } from '../../../models/account/account';
import { listAuditEvents } from '../../../models/sign-in/audit';
import { Browser } from '../../support/browser';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { createMyPageUser, openMyPageBrowser } from '../../support/users';
import {
  createContactUser,
  passTime,
  readCodeOnPage,
  requestCode,
  type TestContactUser,
  verify,
} from '../../support/verification';

const MINUTE = 60_000;
const FRESH = 'Sunny-Hokkaido-57';
const app = createApp();
let worker: CodeWorker;
let member: TestContactUser;

beforeAll(async () => {
  await openTestPortal();
  worker = startCodeWorker();
});
beforeEach(async () => {
  member = await createContactUser();
});
afterAll(async () => {
  await worker.close();
  await closeTestPortal();
});

const readSessionCookie = (browser: Browser): string => browser.getCookie('meisai');

/** A browser with the device's cookie but another session, as a thief with the password has it. */
async function openBrowserWithToken(token: string): Promise<Browser> {
  const browser = new Browser(app);
  await browser.visit('/mypage/login');
  browser.setCookie('meisai_device', token, '/mypage');
  return browser.press('ログイン', { loginId: member.login, password: member.password });
}

describe('before the second factor', () => {
  it.each(['/mypage/password', '/mypage/devices', '/mypage/logins', '/mypage/bills', '/mypage/usage'])(
    '%s asks for it',
    async (path) => {
      const browser = await openMyPageBrowser(app, member);
      await browser.visit(path);
      expect(browser.path).toBe('/mypage/verification');
    },
  );

  it('shows the top page, and logs out', async () => {
    const browser = await openMyPageBrowser(app, member);
    await browser.visit('/mypage');
    expect(browser.heading).toBe('マイページ');
    expect(browser.main).not.toContain('登録されていません');
    await browser.press('ログアウト');
    expect(browser.heading).toBe('マイページ ログイン');
  });

  it('does not change the password by a form that is sent at once', async () => {
    const browser = await openMyPageBrowser(app, member);
    await browser.visit('/mypage');
    const { _csrf = '' } = browser.getFields('ログアウト');
    await browser.post('/mypage/password', { _csrf, current: member.password, new: FRESH, again: FRESH });
    expect(browser.path).toBe('/mypage/verification');
  });
});

describe('the password', () => {
  it('wants a code of the last ten minutes', async () => {
    const browser = await verify(app, member);
    await passTime(9 * MINUTE);
    await browser.visit('/mypage/password');
    expect(browser.path).toBe('/mypage/password');
    await passTime(2 * MINUTE);
    await browser.visit('/mypage/usage');
    expect(browser.path).toBe('/mypage/usage');
    await browser.visit('/mypage/password');
    expect(browser.path).toBe('/mypage/verification');

    await requestCode(browser, member);
    await browser.press('認証', { code: await readCodeOnPage(browser) });
    expect(browser.path).toBe('/mypage/password');
    await browser.press('OK', { current: member.password, new: FRESH, again: FRESH });
    await browser.press('OK');
    expect(browser.heading).toBe('パスワード変更(完了)');
  });

  it('is not changed by a trusted device alone', async () => {
    const browser = await verify(app, member, { trust: '1' });
    await browser.press('ログアウト');
    await browser.visit('/mypage/login');
    await browser.press('ログイン', { loginId: member.login, password: member.password });
    await browser.visit('/mypage/usage');
    expect(browser.path).toBe('/mypage/usage');
    await browser.visit('/mypage/password');
    expect(browser.path).toBe('/mypage/verification');
  });

  it('is changed with the password alone where no factor is registered, as the top page says', async () => {
    const user = await createMyPageUser();
    await db('logins').where({ login: user.login }).update({ contact_number: null });
    const browser = await openMyPageBrowser(app, user);
    await browser.visit('/mypage');
    expect(browser.main).toContain('認証に使う連絡先電話番号が登録されていません');
    await browser.follow('パスワードの変更');
    await browser.press('OK', { current: user.password, new: FRESH, again: FRESH });
    await browser.press('OK');
    expect(browser.heading).toBe('パスワード変更(完了)');
    await browser.visit('/mypage/devices');
    expect(browser.path).toBe('/mypage/verification');
  });
});

it('is another for each login of an account', async () => {
  const email = `second-${member.login}`;
  const other = await issueAccount(member.code, { email, contactNumber: '09077778888' });
  const browser = await openMyPageBrowser(app, { ...member, ...other });
  await browser.visit('/mypage/verification');
  await browser.press('次へ', { number: member.contactNumber });
  expect(browser.$('#number-error').text()).toBe('ご登録の連絡先電話番号と一致しません');
  await browser.press('次へ', { number: '09077778888' });
  expect(browser.path).toBe('/mypage/verification/method');

  const trusted = await verify(app, member, { trust: '1' });
  const stranger = new Browser(app);
  await stranger.visit('/mypage/login');
  stranger.setCookie('meisai_device', trusted.getCookie('meisai_device'), '/mypage');
  await stranger.press('ログイン', { loginId: email, password: other.password });
  await stranger.visit('/mypage/usage');
  expect(stranger.path).toBe('/mypage/verification');
});

describe('a trusted device', () => {
  it('renews the session id when it stands in for a code, and lets a second page go on', async () => {
    const { device } = await trustDevice();
    const browser = await openBrowserWithToken(device);
    const before = readSessionCookie(browser);
    const answers = await Promise.all([
      browser.download('/mypage/verification'),
      browser.download('/mypage/verification'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(readSessionCookie(browser)).not.toBe(before);
    await browser.visit('/mypage/devices');
    expect(browser.path).toBe('/mypage/devices');

    const fixed = new Browser(app);
    fixed.setCookie('meisai', before);
    await fixed.visit('/mypage/devices');
    expect(fixed.heading).toBe('マイページ ログイン');
  });

  it('whose old token comes again ends what it verified, records it and tells the customer', async () => {
    const { device, browser: owner } = await trustDevice();
    const thief = await openBrowserWithToken(device);
    await thief.visit('/mypage/devices');
    expect(thief.path).toBe('/mypage/devices');

    const customer = await openBrowserWithToken(device);
    await customer.visit('/mypage/usage');
    expect(customer.path).toBe('/mypage/verification');
    await thief.visit('/mypage/usage');
    expect(thief.heading).toBe('マイページ ログイン');
    expect(thief.main).toContain('確認済みの端末の情報が別の場所で使われたため、ログアウトしました');
    // The session that trusted the device was verified by a code.
    await owner.visit('/mypage/devices');
    expect(owner.main).toContain('確認済みの端末はありません');
    expect((await listAuditEvents(20, member.login)).map(({ event }) => event)).toContain('device_stolen');

    const next = await openMyPageBrowser(app, member);
    await next.visit('/mypage');
    expect(next.$('.notice-warning').text()).toContain('確認済みの端末の情報が、別の場所で使われました');
    await passTime(31_000);
    await requestCode(next, member);
    await next.press('認証', { code: await readCodeOnPage(next) });
    await next.visit('/mypage/password');
    await next.press('OK', { current: member.password, new: FRESH, again: FRESH });
    await next.press('OK');
    await passTime(6 * MINUTE);
    const last = await openMyPageBrowser(app, { ...member, password: FRESH });
    await last.visit('/mypage');
    expect(last.heading).toBe('マイページ');
    expect(last.$('.notice-warning').text()).toBe('');
  });

  it('ends what it verified also where Redis cannot tell, by its row', async () => {
    const { device } = await trustDevice();
    const thief = await openBrowserWithToken(device);
    await thief.visit('/mypage/devices');
    await db('trusted_devices').where({ login_id: member.loginId }).update({ stolen_at: 1 });
    await thief.visit('/mypage/usage');
    expect(thief.main).toContain('確認済みの端末の情報が別の場所で使われたため、ログアウトしました');
  });

  it('ends what it verified when the customer revokes it', async () => {
    const { device, browser: owner } = await trustDevice();
    const stranger = await openBrowserWithToken(device);
    await stranger.visit('/mypage/usage');
    await owner.visit('/mypage/devices');
    await owner.press('登録を解除する');
    await stranger.visit('/mypage/usage');
    expect(stranger.main).toContain('端末の登録が解除されたため、ログアウトしました');
  });

  async function trustDevice(): Promise<{ device: string; browser: Browser }> {
    const browser = await verify(app, member, { trust: '1' });
    return { device: browser.getCookie('meisai_device'), browser };
  }
});

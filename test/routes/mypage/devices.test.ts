import type { Express } from 'express';
import { type CodeWorker, startCodeWorker } from '../../../jobs/verification-codes/worker';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { type TestContactUser, createContactUser, verify, watchCookies } from '../../support/verification';

let app: Express;
let worker: CodeWorker;
let cookies: string[];

beforeAll(async () => {
  await openTestPortal();
  ({ app, cookies } = watchCookies());
  worker = startCodeWorker();
});
beforeEach(() => {
  cookies.length = 0;
});
afterAll(async () => {
  await worker.close();
  await closeTestPortal();
});

const listDeviceCookies = () => cookies.filter((cookie) => cookie.startsWith('meisai_device='));
const trustDevice = (member: TestContactUser) => verify(app, member, { trust: '1' });

async function loginAgain(
  browser: Awaited<ReturnType<typeof trustDevice>>,
  member: TestContactUser,
  password = member.password,
) {
  await browser.press('ログアウト');
  await browser.visit('/mypage/login');
  await browser.press('ログイン', { loginId: member.login, password });
  return browser.visit('/mypage/usage');
}

it('gives no cookie where the box is not checked', async () => {
  await verify(app, await createContactUser());
  expect(listDeviceCookies()).toEqual([]);
});

it('lets the device skip the second factor, with a new token each time', async () => {
  const member = await createContactUser();
  const browser = await trustDevice(member);
  expect(listDeviceCookies()).toHaveLength(1);
  expect(listDeviceCookies()[0]).toMatch(
    /^meisai_device=[\w-]{67}; Max-Age=777[56]\d{3}; Path=\/mypage; .*HttpOnly; SameSite=Lax$/,
  );
  await loginAgain(browser, member);
  expect(browser.path).toBe('/mypage/usage');
  expect(listDeviceCookies()).toHaveLength(2);
  expect(listDeviceCookies()[1]).not.toBe(listDeviceCookies()[0]);
  await loginAgain(browser, member);
  expect(browser.path).toBe('/mypage/usage');
});

it('is of no use to another login', async () => {
  const browser = await trustDevice(await createContactUser());
  await loginAgain(browser, await createContactUser());
  expect(browser.path).toBe('/mypage/verification');
});

describe('GET /mypage/devices', () => {
  it('lists browsers, and revokes them', async () => {
    const member = await createContactUser();
    const browser = await (await trustDevice(member)).visit('/mypage/devices');
    expect(browser.heading).toBe('確認済みの端末');
    expect(browser.rows).toHaveLength(1);
    expect(browser.main).toContain('この端末');
    await browser.press('登録を解除する');
    expect(browser.main).toContain('端末の登録を解除しました');
    expect(browser.main).toContain('確認済みの端末はありません');
    await loginAgain(browser, member);
    expect(browser.path).toBe('/mypage/verification');
  });

  it("does not revoke another's, nor what is no number", async () => {
    const [member, other] = [await createContactUser(), await createContactUser()];
    const browser = await (await trustDevice(member)).visit('/mypage/devices');
    const stranger = await (await trustDevice(other)).visit('/mypage/devices');
    const action = browser.$('form[action*=revoke]').attr('action') ?? '';
    const fields = stranger.getFields('登録を解除する');
    for (const path of [action, '/mypage/devices/999999/revoke', '/mypage/devices/x/revoke']) {
      await stranger.post(path, fields);
      expect(stranger.status).toBe(404);
    }
    await browser.visit('/mypage/devices');
    expect(browser.rows).toHaveLength(1);
  });
});

it('trusts no device any more after a change of the password', async () => {
  const member = await createContactUser();
  const browser = await (await trustDevice(member)).visit('/mypage/password');
  const fresh = 'Sunny-Hokkaido-57';
  await browser.press('OK', { current: member.password, new: fresh, again: fresh });
  await browser.press('OK');
  await browser.visit('/mypage/devices');
  expect(browser.main).toContain('確認済みの端末はありません');
  // The old password is good for five minutes more.
  await loginAgain(browser, member);
  expect(browser.path).toBe('/mypage/verification');
});

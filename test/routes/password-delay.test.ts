import { createApp } from '../../app';
import { type CodeWorker, startCodeWorker } from '../../jobs/verification-codes/worker';
import { moveClock } from '../../lib/values/clock';
import { Browser } from '../support/browser';
import { closeTestPortal, openTestPortal } from '../support/portal';
import {
  createSelfPageUser,
  openMyPageBrowser,
  openSelfPageBrowser,
  type TestSelfPageUser,
} from '../support/users';
import {
  createContactUser,
  passTime,
  readCodeOnPage,
  requestCode,
  type TestContactUser,
  verify,
} from '../support/verification';

const MINUTE = 60_000;
const ASK_PENDING = '変更手続き中の新しいパスワードを入力してください';
const REPLACED = 'パスワードが変更されたため、ログアウトしました';
const app = createApp();
let worker: CodeWorker;

beforeAll(async () => {
  await openTestPortal();
  worker = startCodeWorker();
});
afterAll(async () => {
  await worker.close();
  await closeTestPortal();
});

async function changePassword(browser: Browser, current: string, fresh: string): Promise<void> {
  await browser.follow('パスワードの変更');
  await browser.press('OK', { current, new: fresh, again: fresh });
  await browser.press('OK');
}

describe('while a new password waits to come into force', () => {
  let customer: TestSelfPageUser;
  let owner: Browser;
  let thief: Browser;

  beforeEach(async () => {
    customer = await createSelfPageUser();
    owner = await openSelfPageBrowser(app, customer);
    await changePassword(owner, customer.password, 'owner123');
    thief = await openSelfPageBrowser(app, customer);
  });

  it('does not let the old password change it again', async () => {
    await thief.follow('パスワードの変更');
    expect(thief.$('label[for=current]').text().trim()).toBe(ASK_PENDING);
    await thief.press('OK', { current: customer.password, new: 'thief123', again: 'thief123' });
    expect(thief.$('#current-error').text()).toBe('変更手続き中の新しいパスワードが正しくありません');
    await thief.press('OK', { current: '', new: 'thief123', again: 'thief123' });
    expect(thief.$('#current-error').text()).toBe(ASK_PENDING);

    moveClock(6 * MINUTE);
    expect((await openSelfPageBrowser(app, { ...customer, password: 'owner123' })).path).toBe(
      '/selfpage/contract',
    );
    expect((await openSelfPageBrowser(app, { ...customer, password: 'thief123' })).status).toBe(422);
  });

  it('ends the sessions that were opened with the old one when it comes into force, and no other', async () => {
    moveClock(4 * MINUTE);
    await thief.visit('/selfpage/charges');
    expect(thief.path).toBe('/selfpage/charges');
    moveClock(61_000);
    const fresh = await openSelfPageBrowser(app, { ...customer, password: 'owner123' });
    await thief.visit('/selfpage/charges');
    expect(thief.heading).toBe('セルフページ ログイン');
    expect(thief.main).toContain(REPLACED);
    for (const browser of [owner, fresh]) {
      await browser.visit('/selfpage/charges');
      expect(browser.path).toBe('/selfpage/charges');
    }
  });

  it('lets who knows it change it again, in a session of the old one too, which then goes on', async () => {
    await changePassword(thief, 'owner123', 'again123');
    expect(thief.heading).toBe('セルフパスワード変更(完了)');
    moveClock(6 * MINUTE);
    await thief.visit('/selfpage/contract');
    expect(thief.path).toBe('/selfpage/contract');
    await owner.visit('/selfpage/contract');
    expect(owner.main).toContain(REPLACED);
  });

  it('takes only it in the session that confirmed, too', async () => {
    await owner.visit('/selfpage/contract');
    await owner.follow('パスワードの変更');
    expect(owner.main).toContain(ASK_PENDING);
    expect(owner.main).not.toContain('現在のセルフパスワードを入力してください');
    moveClock(6 * MINUTE);
    await owner.visit('/selfpage/password');
    expect(owner.main).toContain('現在のセルフパスワードを入力してください');
  });
});

describe('a session of the my page that came by the old password', () => {
  let member: TestContactUser;
  let thief: Browser;

  beforeEach(async () => {
    member = await createContactUser();
    await changePassword(await verify(app, member), member.password, 'Sunny-Hokkaido-57');
    await passTime(31_000);
    thief = await requestCode(await openMyPageBrowser(app, member), member);
  });

  it('trusts no device, neither by the box, which is not there, nor by its field', async () => {
    const code = await readCodeOnPage(thief);
    expect(thief.$('#trust')).toHaveLength(0);
    await thief.press('認証', { code, trust: '1' });
    expect(thief.path).toBe('/mypage/usage');
    expect(thief.getCookie('meisai_device')).toBe('');
    await thief.visit('/mypage/devices');
    expect(thief.main).toContain('確認済みの端末はありません');
    expect(thief.main).toContain('端末の登録と解除はできません');
  });

  it('is told so, and the session that confirmed is not', async () => {
    const owner = new Browser(app);
    await passTime(6 * MINUTE);
    await owner.visit('/mypage/login');
    await owner.press('ログイン', { loginId: member.login, password: 'Sunny-Hokkaido-57' });
    await requestCode(owner, member);
    await owner.press('認証', { code: await readCodeOnPage(owner), trust: '1' });
    await changePassword(owner, 'Sunny-Hokkaido-57', 'Windy-Hokkaido-58');
    await owner.visit('/mypage/devices');
    expect(owner.main).not.toContain('端末の登録と解除はできません');
  });
});

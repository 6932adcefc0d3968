import { createApp } from '../../app';
import { moveClock } from '../../lib/values/clock';
import { Browser } from '../support/browser';
import { createSelfPageUser, openSelfPageBrowser, type TestSelfPageUser } from '../support/users';
import { closeTestPortal, openTestPortal } from '../support/portal';
import { emptyRedis } from '../support/redis-process';

const app = createApp();
const MINUTE = 60_000;

beforeAll(openTestPortal);
afterAll(closeTestPortal);

/** A customer at the first step. */
async function openPasswordPage(): Promise<{ browser: Browser; customer: TestSelfPageUser }> {
  const customer = await createSelfPageUser();
  const browser = await openSelfPageBrowser(app, customer);
  await browser.follow('パスワードの変更');
  return { browser, customer };
}

async function canLogIn(login: string, password: string): Promise<boolean> {
  const browser = await new Browser(app).visit('/');
  await browser.press('ログイン', { loginId: login, password });
  return browser.path === '/selfpage/contract';
}

describe('/selfpage/password', () => {
  it('asks, confirms and is done, with the words of the guide', async () => {
    const { browser, customer } = await openPasswordPage();
    expect(browser.heading).toBe('セルフパスワード変更(開始)');
    expect(browser.main).toContain('現在のセルフパスワードを入力してください');
    expect(browser.main).toContain(
      '新しいセルフパスワードを半角の英数字で、英字と数字の両方を含んだ形で入力してください (4~8文字、半角英字と半角数字の混在)',
    );
    expect(browser.main).toContain('・現在ご使用のセルフIDと異なるパスワードを設定してください');

    await browser.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
    expect(browser.heading).toBe('セルフパスワード変更(確認)');
    expect(browser.main).toContain('セルフパスワードを変更します よろしいですか?');
    expect(browser.html).not.toContain('abc123');

    await browser.press('OK');
    expect(browser.heading).toBe('セルフパスワード変更(完了)');
    expect(browser.main).toContain('セルフパスワードの変更が完了しました');
    expect(browser.main).toContain('新しいパスワードは、約5分後よりご利用可能になります');

    await browser.follow('メニューに戻る');
    expect(browser.path).toBe('/selfpage/contract');
  });

  it('changes after 5 minutes, also with Redis emptied in between', async () => {
    const { browser, customer } = await openPasswordPage();
    await browser.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
    await browser.press('OK');
    expect(await canLogIn(customer.login, customer.password)).toBe(true);
    expect(await canLogIn(customer.login, 'abc123')).toBe(false);

    await emptyRedis();
    moveClock(5 * MINUTE + 1000);
    expect(await canLogIn(customer.login, customer.password)).toBe(false);
    expect(await canLogIn(customer.login, 'abc123')).toBe(true);
  });

  it('takes a field that is missing, or there twice, for an empty one', async () => {
    const { browser } = await openPasswordPage();
    const { _csrf = '' } = browser.getFields('OK');
    await browser.post(browser.path, { _csrf, new: ['abc123', 'abc124'] });
    expect(browser.status).toBe(422);
    const messages = browser.$('.field-error').toArray();
    expect(messages.map((message) => browser.$(message).text())).toEqual([
      '現在のセルフパスワードを入力してください',
      '新しいセルフパスワードを入力してください',
    ]);
  });

  it('ends the account’s other sessions at the confirm, not before', async () => {
    const { browser, customer } = await openPasswordPage();
    const other = await openSelfPageBrowser(app, customer);
    await browser.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
    await other.visit('/selfpage/contract');
    expect(other.path).toBe('/selfpage/contract');

    await browser.press('OK');
    await other.visit('/selfpage/contract');
    expect(other.path).toBe('/');
    await browser.visit('/selfpage/contract');
    expect(browser.path).toBe('/selfpage/contract');
  });

  it.each([
    ['', '新しいセルフパスワードを入力してください'],
    ['ab1', '新しいセルフパスワードは、4~8文字で入力してください'],
    ['abcdefgh1', '新しいセルフパスワードは、4~8文字で入力してください'],
    ['abcdef', '新しいセルフパスワードは、英字と数字の両方を含めてください'],
    ['12345', '新しいセルフパスワードは、英字と数字の両方を含めてください'],
    ['abc-12', '新しいセルフパスワードは、半角の英数字だけで入力してください'],
    [
      'ａｂ12',
      '新しいセルフパスワードは、半角の英数字だけで入力してください。英字と数字の両方を含めてください',
    ],
  ])('refuses the new password %j', async (typed, message) => {
    const { browser, customer } = await openPasswordPage();
    await browser.press('OK', { current: customer.password, new: typed, again: typed });

    expect(browser.status).toBe(422);
    expect(browser.$('#new-error').text()).toBe(message);
    expect(browser.$('#new').attr('value')).toBeUndefined();
  });

  it('tells all broken rules at once, each at its field, with a list at the top', async () => {
    const { browser } = await openPasswordPage();
    await browser.press('OK', { current: 'wrong1', new: 'abc', again: 'xyz' });

    expect(browser.$('title').text()).toMatch(/^エラー: /);
    expect(
      browser
        .$('[role=alert] a')
        .toArray()
        .map((link) => browser.$(link).attr('href')),
    ).toEqual(['#current', '#new', '#again']);
    expect(browser.$('#current-error').text()).toBe('現在のセルフパスワードが正しくありません');
  });

  it('refuses the Self ID as password', async () => {
    const customer = await createSelfPageUser([], { code: 'd1234567' });
    const browser = await openSelfPageBrowser(app, customer);
    await browser.visit('/selfpage/password');
    await browser.press('OK', { current: customer.password, new: 'd1234567', again: 'd1234567' });
    expect(browser.$('#new-error').text()).toBe('セルフIDと異なるパスワードを入力してください');
  });

  it('counts wrong current passwords like logins', async () => {
    const { browser } = await openPasswordPage();
    for (let failure = 0; failure < 10; failure += 1)
      await browser.press('OK', { current: 'wrong1', new: 'abc123', again: 'abc123' });
    await browser.press('OK', { current: 'wrong1', new: 'abc123', again: 'abc123' });
    expect(browser.status).toBe(429);
  });

  it('leads a step out of order to the one that is right now', async () => {
    const { browser, customer } = await openPasswordPage();
    await browser.visit('/selfpage/password/confirm');
    expect(browser.heading).toBe('セルフパスワード変更(開始)');
    await browser.visit('/selfpage/password/done');
    expect(browser.heading).toBe('セルフパスワード変更(開始)');

    await browser.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
    await browser.visit('/selfpage/password/done');
    expect(browser.heading).toBe('セルフパスワード変更(確認)');
    await browser.press('OK');
    await browser.visit('/selfpage/password/confirm');
    expect(browser.heading).toBe('セルフパスワード変更(完了)');
  });

  it('changes once, however often the confirm is sent', async () => {
    const { browser, customer } = await openPasswordPage();
    await browser.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
    const confirm = browser.getFields('OK');
    const [first, second] = await Promise.all([
      browser.send('/selfpage/password/confirm', confirm),
      browser.send('/selfpage/password/confirm', confirm),
    ]);
    expect([first.status, second.status]).toEqual([303, 303]);
    await browser.post('/selfpage/password/confirm', confirm);
    expect(browser.heading).toBe('セルフパスワード変更(完了)');
    await browser.visit('/selfpage/contract');
    expect(browser.path).toBe('/selfpage/contract');
  });

  it('confirms only what its own page showed, when another tab began anew', async () => {
    const { browser, customer } = await openPasswordPage();
    await browser.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
    const firstTab = browser.getFields('OK');
    await browser.visit('/selfpage/password');
    await browser.press('OK', { current: customer.password, new: 'xyz789', again: 'xyz789' });

    await browser.post('/selfpage/password/confirm', firstTab);
    expect(browser.heading).toBe('セルフパスワード変更(確認)');
    moveClock(6 * MINUTE);
    expect(await canLogIn(customer.login, customer.password)).toBe(true);
  });

  it('forgets all at 「キャンセル」', async () => {
    const { browser, customer } = await openPasswordPage();
    await browser.press('OK', { current: customer.password, new: 'abc123', again: 'abc123' });
    await browser.press('キャンセル');
    expect(browser.path).toBe('/selfpage/contract');
    await browser.visit('/selfpage/password/confirm');
    expect(browser.heading).toBe('セルフパスワード変更(開始)');
  });
});

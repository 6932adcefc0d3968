import type { Express } from 'express';
import { createApp } from '../../../app';
import { moveClock } from '../../../lib/values/clock';
import { Browser } from '../../support/browser';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import { openMyPageBrowser, openVerifiedBrowser } from '../../support/users';
import { createContactUser } from '../../support/verification';

let app: Express;

beforeAll(async () => {
  await openTestPortal();
  app = createApp();
});
afterAll(closeTestPortal);

describe('GET /mypage', () => {
  it.each(['/mypage/verification', '/MyPage/verification'])(
    'is led back to after the login: %s',
    async (path) => {
      const { login: loginId, password } = await createContactUser();
      const browser = await new Browser(app).visit(path);
      expect(browser.heading).toBe('マイページ ログイン');
      await browser.press('ログイン', { loginId, password });
      expect(browser.heading).toBe('契約情報の確認');
      expect(browser.$('.menu-title').text()).toBe('マイページメニュー');
    },
  );

  it('shows the login before this one', async () => {
    const member = await createContactUser();
    setClock('2031-05-09T09:12:00+09:00');
    const first = await openMyPageBrowser(app, member);
    expect(first.heading).toBe('マイページ');
    expect(first.html).not.toContain('前回のログイン');
    moveClock(3_600_000);
    const second = await openMyPageBrowser(app, member);
    expect(second.$('.menu-note').text()).toMatch(/前回のログイン\s*2031年05月09日 09時12分\s*127\.0\.0\.1/);
    expect(second.main).toContain('前回のログイン2031年05月09日 09時12分');
    expect(
      second
        .$('.menu a')
        .toArray()
        .map((link) => second.$(link).text()),
    ).toEqual(['料金・ご利用明細', 'パスワードの変更', '確認済みの端末']);
  });
});

describe('GET /mypage/logins', () => {
  it('lists the last 20 logins and the last 20 failures apart, in any case of letters, the newest first', async () => {
    const member = await createContactUser();
    for (let i = 0; i < 3; i += 1)
      await (
        await new Browser(app).visit('/mypage/login')
      ).press('ログイン', {
        loginId: member.login.toUpperCase(),
        password: 'wrong',
      });
    const browser = await openVerifiedBrowser(app, member);
    await browser.visit('/mypage');
    await browser.follow('ログインの履歴');
    expect(browser.heading).toBe('ログインの履歴');
    expect(browser.rows.map((row) => row[3])).toEqual([
      'ログイン',
      ...Array<string>(3).fill('パスワード誤り'),
    ]);
    // Of ten sessions of a login the oldest ends.
    for (let i = 0; i < 20; i += 1) await openMyPageBrowser(app, member);
    const newest = await openVerifiedBrowser(app, member);
    await newest.visit('/mypage/logins');
    expect(newest.rows.map((row) => row[3])).toEqual([
      ...Array<string>(20).fill('ログイン'),
      ...Array<string>(3).fill('パスワード誤り'),
    ]);
  });

  it('needs a login', async () => {
    const browser = await new Browser(app).visit('/mypage/logins');
    expect(browser.path).toBe('/mypage/login');
  });
});

describe('GET /mypage/guide', () => {
  it('is for everybody, and leads to the login', async () => {
    const browser = await new Browser(app).visit('/mypage/guide');
    expect(browser.heading).toBe('050IP電話ご利用明細');
    expect(browser.main).toContain('過去6か月分');
    await browser.follow('メールアドレスでの確認はこちら');
    expect(browser.path).toBe('/mypage/login');
  });
});

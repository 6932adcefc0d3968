import type { Browser, Page } from 'playwright-core';
import { launchChromium, openChromiumTab, measureOverflow, type ChromiumTab } from './support/chromium';
import { describeWith } from './support/needs';
import { type RealPortal, startRealPortal } from './support/real-portal';
import { signInToMyPage } from './support/second-factor';

let portal: RealPortal;
let browser: Browser;
let tab: ChromiumTab;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const follow = (name: string) => page.getByRole('link', { name, exact: true }).last().click();

async function expectHeading(heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  if ((await measureOverflow(page)) > 0) tab.problems.push(`${page.url()} is wider than the window`);
}

describeWith('chromium').each([
  { width: 1280, script: true },
  { width: 800, script: false },
  { width: 375, script: true },
  { width: 375, script: false },
])('at $width px, script $script', ({ width, script }) => {
  // Each test has a portal of its own: so many codes in a row, were it for a second try, are refused.
  beforeEach(async () => {
    portal = await startRealPortal();
    tab = await openChromiumTab(browser, { baseURL: portal.url, width, script });
    ({ page } = tab);
  });
  afterEach(() => tab.close().finally(() => portal.stop()));

  it('leads from the guide through the second factor to the details', async () => {
    await page.goto('/');
    await follow('「050IP電話ご利用明細」のご案内');
    await expectHeading('050IP電話ご利用明細');
    await follow('メールアドレスでの確認はこちら');
    await signInToMyPage(page, () => expectHeading('認証番号の入力'));
    await expectHeading('料金・ご利用明細');
    await page.locator('a.button', { hasText: '050IP電話利用明細' }).click();
    await expectHeading('050IP電話利用明細');
    await page.getByRole('row', { name: '合計 3016 109:54:23.5 130,090' }).waitFor();
    await page.getByLabel('ご確認月').selectOption('2017年10月分');
    await page.getByRole('button', { name: '表示' }).click();
    await page.getByRole('heading', { name: '050IP電話利用明細' }).waitFor();
    await follow('050-6870-0001 発信・着信の通話一覧');
    await page.getByRole('columnheader', { name: '通話料金' }).waitFor({ state: 'attached' });
    await page.goto('/mypage/bills');
    await expectHeading('料金・ご利用明細');
    await follow('B2017110001');
    await expectHeading('料金・ご利用明細');
  });

  it('waits with 「次へ」 until a number is typed, where it has a script', async () => {
    await page.goto('/mypage/login');
    await page.getByLabel('メールアドレス').fill('demo@example.jp');
    await page.getByLabel('パスワード').fill('meisai-demo-2011');
    await page.getByRole('button', { name: 'ログイン' }).click();
    await expectHeading('マイページ');
    await page.goto('/mypage/usage');
    const next = page.getByRole('button', { name: '次へ' });
    expect(await next.isDisabled()).toBe(script);
    await page.getByLabel('連絡先電話番号').pressSequentially('03');
    expect(await next.isDisabled()).toBe(false);
    await next.click();
    await page.getByRole('alert').waitFor();
    await expectHeading('契約情報の確認');
  });
});

import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { waitFor } from '../support/eventually';
import { launchChromium, openChromiumTab, measureOverflow, type ChromiumTab } from './support/chromium';
import { describeWith } from './support/needs';
import { Visitor } from '../kit/visitor';
import { type RealPortal, startRealPortal } from './support/real-portal';

let portal: RealPortal;
let browser: Browser;
let tab: ChromiumTab;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (name: string) => page.getByRole('link', { name, exact: true }).first().click();

/** The page with this heading is there, and fits into the window. */
async function expectHeading(heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  if ((await measureOverflow(page)) > 0) tab.problems.push(`${page.url()} is wider than the window`);
}

/** The page that refreshes itself leaves the focus and the page where they are. */
async function expectFocusKept(): Promise<void> {
  const link = page.getByRole('link', { name: '画面を更新する(リロード)' });
  await link.focus();
  const before = await link.getAttribute('href');
  const top = await page.evaluate(() => {
    window.scrollTo(0, 20);
    return window.scrollY;
  });
  await waitFor(async () => expect(await link.getAttribute('href')).not.toBe(before), 30_000);
  expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await page.evaluate(() => window.scrollY)).toBe(top);
}

const VISITORS = [
  { width: 1280, script: true, kind: 'calls' },
  { width: 800, script: true, kind: 'calls' },
  { width: 375, script: true, kind: 'calls' },
  { width: 1280, script: false, kind: 'fees' },
  { width: 800, script: false, kind: 'fees' },
  { width: 375, script: false, kind: 'fees' },
];

describeWith('chromium').each(VISITORS)('at $width px, script $script', ({ width, script, kind }) => {
  // Each test has a portal of its own: one that is tried again finds no file and no password of its first try.
  beforeEach(async () => {
    portal = await startRealPortal();
    tab = await openChromiumTab(browser, { baseURL: portal.url, width, script });
    ({ page } = tab);
    await page.goto('/');
    await expectHeading('セルフページ ログイン');
    await page.getByLabel('セルフID').fill('d123456789');
    await page.getByLabel('セルフパスワード').fill('demo2017');
    await press('ログイン');
    await expectHeading('現在のご契約状況');
  });
  afterEach(() => tab.close().finally(() => portal.stop()));

  it('shows contract, numbers, charges and details', async () => {
    await follow('契約電話番号詳細');
    await expectHeading('契約電話番号情報');
    await page.goBack();
    await follow('フリーコール(選択)電話番号詳細');
    await expectHeading('フリーコール(選択)電話番号情報');
    await follow('ご利用料金の確認');
    await expectHeading('ご利用料金の確認');
    await follow('2017年11月 電話番号別ご利用料金 画面に表示');
    await expectHeading('ご利用料金の確認');
    await page.getByText('1,928.50円').waitFor();
    await follow('050-6860-1234 携帯/PHS通話 明細を表示');
    await expectHeading('ご利用明細(携帯/PHS通話)の確認');
    await page.getByText('1,872.50円').waitFor();
    await follow('次へ');
    await page.getByText('11～20件').waitFor();
    await expectHeading('ご利用明細(携帯/PHS通話)の確認');
    await follow('電話番号別利用料金照会画面へ戻る');
    await follow('利用料金照会画面へ戻る');
    await follow('2017年11月 通話明細 画面に表示');
    await expectHeading('ご利用明細(通話明細)の確認');
    await page.goto('/selfpage/telegrams/201709');
    await expectHeading('電報明細の確認');
  });

  it('changes the password in three steps', async () => {
    await follow('パスワードの変更');
    await expectHeading('セルフパスワード変更(開始)');
    await press('OK');
    await page.getByRole('alert').waitFor();
    await expectHeading('セルフパスワード変更(開始)');
    await page.getByLabel('現在のセルフパスワード').fill('demo2017');
    await page.getByLabel('新しいセルフパスワードを半角').fill('sample99');
    await page.getByLabel('確認のため').fill('sample99');
    await press('OK');
    await expectHeading('セルフパスワード変更(確認)');
    await press('キャンセル');
    await expectHeading('現在のご契約状況');
    await follow('パスワードの変更');
    await page.getByLabel('現在のセルフパスワード').fill('demo2017');
    await page.getByLabel('新しいセルフパスワードを半角').fill('sample99');
    await page.getByLabel('確認のため').fill('sample99');
    await press('OK');
    await press('OK');
    await expectHeading('セルフパスワード変更(完了)');
    await page.getByText('約60分後よりご利用可能になります').waitFor();
    await page.reload();
    await follow('メニューに戻る');
    await expectHeading('現在のご契約状況');
  });

  it('asks for a file, sees the page refresh itself, and gets it', async () => {
    portal.holdWorker();
    await page.goto(`/selfpage/detail-files/${kind}/201711/request`);
    await expectHeading('作成受付の確認');
    await press('明細作成');
    await expectHeading('作成受付の完了');
    await page.getByText('ただいま作成中です').waitFor();
    await expectHeading('ダウンロードの確認');
    // A press may come to nothing where the page goes on right then.
    await waitFor(async () => {
      await page.locator('.auto a').click();
      await page.getByText('自動更新を止めています').waitFor({ timeout: 2000 });
    }, 60_000);
    await follow('自動更新を再開する');
    if (script) await expectFocusKept();
    portal.resumeWorker();
    const link = page.getByRole('link', { name: '明細ダウンロード', exact: true });
    await link.waitFor().catch(async (error: unknown) => {
      throw new Error(`${String(error)}\nThe page says:\n${await page.locator('main').innerText()}`);
    });
    await expectHeading('ダウンロードの確認');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const customer = await new Visitor(portal.url).logIn('d123456789', 'demo2017');
    const file = await customer.fetch(`/selfpage/detail-files/${kind}/201711/download`);
    expect(await readFile(await download.path())).toEqual(Buffer.from(await file.arrayBuffer()));
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
  });

  it('tells what went wrong', async () => {
    await page.goto('/selfpage/calls/201711/999999/domestic');
    await expectHeading('ページが見つかりません');
    await page.goto('/selfpage/charges/190001');
    await expectHeading('ページが見つかりません');
    await press('ログアウト');
    await expectHeading('セルフページ ログイン');
    await page.getByLabel('セルフID').fill('d123456789');
    await page.getByLabel('セルフパスワード').fill('wrong');
    await press('ログイン');
    await page.getByRole('alert').waitFor();
    await expectHeading('セルフページ ログイン');
  });
});

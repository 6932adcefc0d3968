import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../../config';
import { launchChromium, openChromiumTab } from './support/chromium';
import { signInToMyPage } from './support/second-factor';
import { applyPalette } from './support/palette-png';
import { type RealPortal, startRealPortal } from './support/real-portal';

// `npm run screenshots`: the pictures of the README, of the demonstration as it is.
const folder = path.join(projectRoot, '.github', 'screenshots');

let portal: RealPortal;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [portal, browser] = await Promise.all([startRealPortal(), launchChromium()]);
});
afterAll(() => Promise.all([browser.close(), portal.stop()]));

async function withPage(width: number, look: (page: Page) => Promise<void>): Promise<void> {
  const { page, close } = await openChromiumTab(browser, {
    baseURL: portal.url,
    width,
    script: true,
    height: 960,
  });
  await look(page);
  await close();
}

async function takePicture(page: Page, name: string, fullPage = true): Promise<void> {
  // Without the ring around what the test has pressed.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  writeFileSync(path.join(folder, `${name}.png`), applyPalette(await page.screenshot({ fullPage })));
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByLabel('セルフID').fill('d123456789');
  await page.getByLabel('セルフパスワード').fill('demo2017');
  await page.getByRole('button', { name: 'ログイン' }).click();
  await page.getByRole('heading', { name: '現在のご契約状況' }).waitFor();
}

it('draws the self page', async () => {
  await withPage(1100, async (page) => {
    await page.goto('/');
    await takePicture(page, 'login');
    await signIn(page);
    await page.goto('/selfpage/charges');
    await takePicture(page, 'charges');
    await page.goto('/selfpage/calls/201711');
    await takePicture(page, 'calls');
    await page.goto('/selfpage/password');
    await page.getByLabel('現在のセルフパスワード').fill('demo2017');
    await page.getByLabel('新しいセルフパスワードを半角').fill('abcdefgh');
    await page.getByRole('button', { name: 'OK' }).click();
    await page.getByRole('alert').waitFor();
    await takePicture(page, 'password');
  });
});

it('draws the status page', async () => {
  await withPage(1100, async (page) => {
    await signIn(page);
    portal.holdWorker();
    await page.goto('/selfpage/detail-files/calls/201711/request');
    await page.getByRole('button', { name: '明細作成' }).click();
    await page.goto('/selfpage/detail-files/calls/201711');
    portal.resumeWorker();
    await page.getByRole('link', { name: '明細ダウンロード', exact: true }).waitFor();
    await takePicture(page, 'status');
  });
});

it('draws the charges on a telephone', async () => {
  await withPage(390, async (page) => {
    await signIn(page);
    await page.goto('/selfpage/charges');
    await takePicture(page, 'telephone', false);
  });
});

it('draws the my page', async () => {
  await withPage(1100, async (page) => {
    await page.goto('/mypage/login');
    await signInToMyPage(page, async () => {
      await takePicture(page, 'code');
    });
    await page.getByRole('link', { name: '050IP電話利用明細' }).last().click();
    await page.getByRole('heading', { level: 1, name: '050IP電話利用明細' }).waitFor();
    await takePicture(page, 'usage', false);
  });
});

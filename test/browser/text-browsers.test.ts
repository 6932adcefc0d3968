import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/eventually';
import { describeWith } from './support/needs';
import { fetchFile } from './support/plain-client';
import { type RealPortal, startRealPortal } from './support/real-portal';
import { TEXT_BROWSERS, TextBrowser } from './support/text-browser';

let portal: RealPortal;
let browser: TextBrowser;

beforeAll(async () => {
  portal = await startRealPortal();
});
afterAll(() => portal.stop());
afterEach(() => browser.close());

async function signIn(name: keyof typeof TEXT_BROWSERS): Promise<void> {
  browser = new TextBrowser(TEXT_BROWSERS[name], `${portal.url}/`);
  await browser.sees('ログイン');
  await browser.fill('セルフID', 'd123456789');
  await browser.fill('セルフパスワード', 'demo2017');
  await browser.press('ログイン');
  await browser.sees('現在のご契約状況');
}

describe.each([
  // Which 作成 each presses, the last one first, so that none moves the others' places.
  { name: 'w3m', month: '201708', making: 7 },
  { name: 'lynx', month: '201709', making: 5 },
  { name: 'links2', month: '201710', making: 3 },
] as const)('$name', ({ name, month, making }) => {
  const only = describeWith(name, 'tmux');

  only('on the self page', () => {
    beforeEach(() => signIn(name));

    it('shows contract, charges and details', async () => {
      await browser.sees(/フリーコール\(選択\)番号通知サービス +申込済/);
      await browser.press('ご利用料金の確認');
      await browser.sees(/2017年11月 +1,928円 +56円 +0円 +1,872円/);
      await browser.press('画面に表示');
      await browser.sees('1,928.50円');
      await browser.press('表示', 2);
      await browser.sees('ご利用明細(携帯/PHS通話)の確認');
      await browser.sees(/ご利用金額合計\s+1,872\.50円/);
      await browser.press('電話番号別利用料金照会画面へ戻る');
      await browser.sees('1,928.50円');
    });

    it('changes the password, after telling what is wrong', async () => {
      await browser.press('パスワードの変更');
      await browser.sees('セルフパスワード変更(開始)');
      await browser.press('OK');
      await browser.sees(/入力内容に誤りがあります\(\d件\)/);
      await browser.fill('現在のセルフパスワード', 'demo2017');
      await browser.fill('新しいセルフパスワードを半角', 'sample99');
      await browser.fill('確認のため、新しいセルフパスワード', 'sample99');
      await browser.press('OK');
      await browser.sees('よろしいですか?');
      await browser.press('OK');
      await browser.sees('約60分後よりご利用可能になります');
      await browser.press('メニューに戻る');
      await browser.sees('現在のご契約状況');
    });

    it('asks for a file, watches it being made, and saves it', async () => {
      const file = path.join(tmpdir(), `meisai-${name}-${process.pid}.csv`);
      portal.holdWorker();
      await browser.press('ご利用料金の確認');
      await browser.sees('お客さまのご利用料金は');
      await browser.press('作成', making);
      await browser.sees('作成受付の確認');
      await browser.press('明細作成');
      await browser.sees('作成受付の完了');
      await browser.press('明細ダウンロード画面へ');
      await browser.sees('ただいま作成中です');
      portal.goOn();
      await eventually(() => fetchFile(portal.url, `/selfpage/detail-files/calls/${month}/download`));
      await browser.press('画面を更新する');
      await browser.sees('明細が作成されております');
      await browser.save('明細ダウンロード', file);
      const bytes = await fetchFile(portal.url, `/selfpage/detail-files/calls/${month}/download`);
      await eventually(async () => expect(await readFile(file)).toEqual(bytes));
      await rm(file);
    });
  });
});

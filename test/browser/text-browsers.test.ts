import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/eventually';
import { describeWith } from './support/needs';
import { fetchFile } from './support/plain-client';
import { type RealPortal, startRealPortal } from './support/real-portal';
import { TEXT_BROWSERS, TextBrowser } from './support/text-browser';

const CALLS = '/selfpage/detail-files/calls/201711/download';

let portal: RealPortal;
let browser: TextBrowser;

describe.each(['w3m', 'lynx', 'links2'] as const)('%s', (name) => {
  const only = describeWith(name, 'script');
  const { refreshes } = TEXT_BROWSERS[name];

  beforeAll(async () => {
    portal = await startRealPortal();
  });
  afterAll(() => portal.stop());
  afterEach(() => browser.close());

  only('on the self page', () => {
    beforeEach(async () => {
      browser = new TextBrowser(TEXT_BROWSERS[name], `${portal.url}/`);
      await browser.sees('ログイン');
      await browser.fill('セルフID', 'd123456789');
      await browser.fill('セルフパスワード', 'demo2017');
      await browser.press('ログイン');
      await browser.sees('現在のご契約状況');
    });

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
      await browser.press('作成', 1);
      await browser.sees('作成受付の確認');
      await browser.press('明細作成');
      await browser.sees('作成受付の完了');
      if (!refreshes) await browser.press('明細ダウンロード画面へ');
      await browser.sees('ただいま作成中です');
      portal.goOn();
      await eventually(() => fetchFile(portal.url, CALLS));
      if (!refreshes) await browser.press('画面を更新する');
      await browser.sees('明細が作成されております');
      await browser.save('明細ダウンロード', file);
      const bytes = await fetchFile(portal.url, CALLS);
      await eventually(async () => expect(await readFile(file)).toEqual(bytes));
      await rm(file);
    });
  });

  only('on the my page', () => {
    it('gives the second factor and shows the details', async () => {
      browser = new TextBrowser(TEXT_BROWSERS[name], `${portal.url}/mypage/login`);
      await browser.sees('ログイン');
      await browser.fill('メールアドレス', 'demo@example.jp');
      await browser.fill('パスワード', 'meisai-demo-2011');
      await browser.press('ログイン');
      await browser.sees('お客さま番号');
      await browser.press('料金・ご利用明細');
      await browser.sees('契約情報の確認');
      await browser.fill('連絡先電話番号', '090-1234-5678');
      await browser.press('次へ');
      await browser.sees('ご連絡方法の選択');
      await browser.choose('SMS');
      await browser.press('送信する');
      await browser.sees('認証番号の入力');
      await browser.fill('認証番号', await sentCode());
      await browser.press('認証');
      await browser.sees('利用状況照会');
      await browser.press('050IP電話利用明細', 1);
      await browser.sees(/合計 +3016 +109:54:23\.5 +130,090/);
    });
  });
});

/** From the box that only development has, once the message has gone out. */
const sentCode = () =>
  eventually(async () => {
    browser.reload();
    const lines = await browser.sees(/送信した認証番号: *\d{6}/, 1000);
    return /送信した認証番号: *(\d{6})/.exec(lines.join('\n'))?.[1] ?? '';
  });

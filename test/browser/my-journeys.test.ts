import { waitFor } from '../support/eventually';
import { ALL_BROWSERS } from './support/all-browsers';
import type { AnyBrowser } from './support/any-browser';
import { downloadFile } from './support/file-journey';
import { describeWith } from './support/needs';
import { type RealPortal, startRealPortal } from './support/real-portal';

describe.each(ALL_BROWSERS)('$name', ({ programs, refreshes, open }) => {
  let portal: RealPortal;
  let browser: AnyBrowser;

  describeWith(...programs)('on the my page', () => {
    // Each test has a portal of its own: one that is tried again may ask for a code at once, and finds no file.
    beforeEach(async () => {
      portal = await startRealPortal();
      browser = await open(`${portal.url}/mypage/guide`);
      await browser.waitForText('インターネットでご確認いただけます');
      await browser.press('メールアドレスでの確認はこちら');
      await browser.waitForText('メールアドレスとパスワードを入力してください');
      await browser.fill('メールアドレス', 'demo@example.jp');
      await browser.fill('パスワード', 'meisai-demo-2011');
      await browser.press('ログイン');
      await browser.waitForText('お客さま番号');
    });
    afterEach(() => browser.close().finally(() => portal.stop()));

    it('asks for the second factor, shows the device that may skip it, and forgets that', async () => {
      const code = await requestCode();
      await browser.fill('認証番号', code === '000000' ? '111111' : '000000');
      await browser.press('認証');
      await browser.waitForText(/入力内容に誤りがあります\(1件\)/);
      await browser.fill('認証番号', code);
      await browser.choose('この端末では次回から認証を省略する');
      await browser.press('認証');
      await browser.waitForText('利用状況照会');
      await browser.press('確認済みの端末');
      await browser.waitForText('認証番号の入力を省略できる端末です');
      await browser.press('登録を解除する');
      await browser.waitForText('登録を解除しました');
    });

    it('shows the details of months and numbers', async () => {
      await verify();
      await openUsage();
      await browser.waitForText(/合計\s+3016\s+109:54:23\.5\s+130,090/);
      await browser.pickAfter('2017年11月分', '2017年10月分');
      await browser.press('表示');
      await browser.waitForText('2017年10月分のご利用明細は');
      await browser.press('発信・着信の通話一覧');
      await browser.waitForText('050IP電話利用明細(発信・着信)');
      await browser.press('050IP電話利用明細へ戻る');
      await browser.waitForText('明細ファイル');
    });

    it('asks for a file, watches it being made, and saves it', async () => {
      await verify();
      await openUsage();
      await browser.press('通話明細');
      await downloadFile(browser, portal, refreshes);
    });

    it('shows bills', async () => {
      await verify();
      await browser.press('請求情報一覧');
      await browser.waitForText('B2017110001');
      await browser.press('B2017110001');
      await browser.waitForText(/合計\(税込\)\s+[\d,]+/);
    });

    it('changes the password', async () => {
      await verify();
      await browser.press('パスワードの変更');
      await browser.waitForText('パスワード変更(開始)');
      await browser.press('OK');
      await browser.waitForText(/入力内容に誤りがあります\(\d件\)/);
      await browser.fill('現在のパスワード', 'meisai-demo-2011');
      await browser.fill('新しいパスワード', 'longer-than-common-9');
      await browser.fill('確認のため、新しいパスワード', 'longer-than-common-9');
      await browser.press('OK');
      await browser.waitForText('よろしいですか?');
      await browser.press('OK');
      await browser.waitForText('約60分後よりご利用可能になります');
      await browser.press('メニューに戻る');
      await browser.waitForText('お客さま番号');
    });

    it('shows the logins, and logs out', async () => {
      await verify();
      await browser.press('確認済みの端末');
      await browser.press('ログインの履歴');
      await browser.waitForText('直近');
      await browser.press('ログアウト');
      await browser.waitForText('メールアドレスとパスワードを入力してください');
    });

    /** Requests a code and returns the one that the page shows. */
    async function requestCode(): Promise<string> {
      await browser.press('料金・ご利用明細');
      await browser.waitForText('契約情報の確認');
      await browser.fill('連絡先電話番号', '090-1234-5678');
      await browser.press('次へ');
      await browser.waitForText('ご連絡方法の選択');
      await browser.choose('SMS');
      await browser.press('送信する');
      return readSentCode();
    }

    async function verify(): Promise<void> {
      await browser.fill('認証番号', await requestCode());
      await browser.press('認証');
      await browser.waitForText('利用状況照会');
    }

    async function openUsage(): Promise<void> {
      await browser.press('050IP電話利用明細', 1);
      await browser.waitForText('050IP電話利用明細');
    }

    /** From the box that only development has, once the message has gone out. */
    async function readSentCode(): Promise<string> {
      await browser.waitForText('認証番号の入力');
      return waitFor(async () => {
        await browser.reload();
        const text = await browser.waitForText(/送信した認証番号: *\d{6}/, 3000);
        return /送信した認証番号: *(\d{6})/.exec(text)?.[1] ?? '';
      }, 60_000);
    }
  });
});

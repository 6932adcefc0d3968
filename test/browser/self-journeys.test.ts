import { ALL_BROWSERS } from './support/all-browsers';
import type { AnyBrowser } from './support/any-browser';
import { downloadFile } from './support/file-journey';
import { describeWith } from './support/needs';
import { type RealPortal, startRealPortal } from './support/real-portal';

describe.each(ALL_BROWSERS)('$name', ({ programs, refreshes, open }) => {
  let portal: RealPortal;
  let browser: AnyBrowser;

  describeWith(...programs)('on the self page', () => {
    // Each test has a portal of its own: one that is tried again finds no file and no password of its first try.
    beforeEach(async () => {
      portal = await startRealPortal();
      browser = await open(`${portal.url}/`);
      await browser.waitForText('セルフIDとセルフパスワードを入力してください');
      await browser.fill('セルフID', 'd123456789');
      await browser.fill('セルフパスワード', 'demo2017');
      await browser.press('ログイン');
      await browser.waitForText('現在のご契約状況');
    });
    afterEach(() => browser.close().finally(() => portal.stop()));

    it('logs out, tells what is wrong at the login, and is back', async () => {
      await browser.press('ログアウト');
      await browser.waitForText('セルフIDとセルフパスワードを入力してください');
      await browser.fill('セルフID', 'd123456789');
      await browser.fill('セルフパスワード', 'wrong999');
      await browser.press('ログイン');
      await browser.waitForText('セルフIDまたはセルフパスワードが正しくありません');
      await browser.fill('セルフパスワード', 'demo2017');
      await browser.press('ログイン');
      await browser.waitForText('現在のご契約状況');
    });

    it('shows the contract and its numbers', async () => {
      await browser.waitForText(/フリーコール\(選択\)番号通知サービス\s+申込済/);
      await browser.press('契約電話番号詳細');
      await browser.waitForText(/お客さまの契約電話番号は下表のとおりです[^]*1\s+050-6860-9001/);
      await browser.press('ご契約内容の確認へ戻る');
      await browser.waitForText('現在のご契約状況');
      await browser.press('フリーコール(選択)電話番号詳細');
      await browser.waitForText(
        /お客さまのフリーコール\(選択\)電話番号は下表のとおりです[^]*1\s+050-6860-1234/,
      );
    });

    it('shows charges, details page by page, and telegrams', async () => {
      await browser.press('ご利用料金の確認');
      await browser.waitForText(/2017年11月\s+1,928円\s+56円\s+0円\s+1,872円/);
      await browser.press('画面に表示');
      await browser.waitForText('1,928.50円');
      await browser.press('表示', 2);
      await browser.waitForText('ご利用明細(携帯/PHS通話)の確認');
      await browser.waitForText(/ご利用金額合計\s+1,872\.50円/);
      await browser.press('次へ');
      await browser.waitForText('11～20件');
      await browser.press('前へ');
      await browser.waitForText('1～10件');
      await browser.press('電話番号別利用料金照会画面へ戻る');
      await browser.waitForText('1,928.50円');
      await browser.press('利用料金照会画面へ戻る');
      await browser.waitForText('お客さまのご利用料金は');
      await browser.press('画面に表示', 1);
      await browser.waitForText('ご利用明細(通話明細)の確認');
    });

    it('changes the password, after telling what is wrong and after a 「キャンセル」', async () => {
      await browser.press('パスワードの変更');
      await browser.waitForText('セルフパスワード変更(開始)');
      await browser.press('OK');
      await browser.waitForText(/入力内容に誤りがあります\(\d件\)/);
      await typePasswords();
      await browser.waitForText('よろしいですか?');
      await browser.press('キャンセル');
      await browser.waitForText('現在のご契約状況');
      await browser.press('パスワードの変更');
      await browser.waitForText('セルフパスワード変更(開始)');
      await typePasswords();
      await browser.waitForText('よろしいですか?');
      await browser.press('OK');
      await browser.waitForText('約60分後よりご利用可能になります');
      await browser.press('メニューに戻る');
      await browser.waitForText('現在のご契約状況');
    });

    it('asks for a file, watches it being made, and saves it', async () => {
      await browser.press('ご利用料金の確認');
      await browser.waitForText('お客さまのご利用料金は');
      await browser.press('作成', 1);
      await downloadFile(browser, portal, refreshes);
      await browser.press('ご利用料金確認画面へ戻る');
      await browser.waitForText('ダウンロード');
    });

    async function typePasswords(): Promise<void> {
      await browser.fill('現在のセルフパスワード', 'demo2017');
      await browser.fill('新しいセルフパスワードを半角', 'sample99');
      await browser.fill('確認のため、新しいセルフパスワード', 'sample99');
      await browser.press('OK');
    }
  });
});

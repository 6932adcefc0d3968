import type { Page } from 'playwright-core';
import { waitFor } from '../../support/eventually';

/** From the my page's login, through the second factor, to 料金・ご利用明細; `atCode` looks at the page that asks for the code. */
export async function signInToMyPage(
  page: Page,
  onCodePage: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await page.getByLabel('メールアドレス').fill('demo@example.jp');
  await page.getByLabel('パスワード').fill('meisai-demo-2011');
  await page.getByRole('button', { name: 'ログイン' }).click();
  await page.getByRole('link', { name: '料金・ご利用明細' }).first().click();
  await page.getByLabel('連絡先電話番号').fill('090-1234-5678');
  await page.getByRole('button', { name: '次へ' }).click();
  await page.getByLabel('SMS').check();
  await page.getByRole('button', { name: '送信する' }).click();
  await page.getByRole('heading', { name: '認証番号の入力' }).waitFor();
  const code = page.locator('.devbox b');
  const sent = page.getByText('送信しました', { exact: true });
  // The code can be there a moment before the message counts as sent.
  await waitFor(async () => {
    if ((await sent.count()) > 0 && (await code.count()) > 0) return;
    await page.reload();
    throw new Error('the message with the code has not gone out');
  }, 60_000);
  await onCodePage();
  await page.getByLabel('認証番号').fill(await code.innerText());
  await page.getByRole('button', { name: '認証' }).click();
  await page.getByRole('heading', { level: 1, name: '料金・ご利用明細' }).waitFor();
}

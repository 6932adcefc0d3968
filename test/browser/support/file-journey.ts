import { readFile } from 'node:fs/promises';
import { waitFor } from '../../support/eventually';
import type { AnyBrowser } from './any-browser';
import type { RealPortal } from './real-portal';

/** From the page that asks for a file, over the one that refreshes itself where the browser does so, to the saved file. */
export async function downloadFile(
  browser: AnyBrowser,
  portal: RealPortal,
  refreshes: boolean,
): Promise<void> {
  portal.holdWorker();
  await browser.waitForText('作成受付の確認');
  await browser.press('明細作成');
  if (!refreshes) {
    await browser.waitForText('作成受付の完了');
    await browser.press('明細ダウンロード画面へ');
  }
  await browser.waitForText('ただいま作成中です');
  await stopRefreshing(browser);
  await browser.press('自動更新を再開する');
  await browser.waitForText('自動更新を止める');
  portal.resumeWorker();
  await waitFor(async () => {
    try {
      await browser.waitForText('明細が作成されております', refreshes ? 30_000 : 500);
    } catch (error) {
      if (!refreshes) await browser.press('画面を更新する');
      throw error;
    }
  }, 60_000);
  const file = await browser.save('明細ダウンロード');
  const bytes = await portal.readLastFile();
  await waitFor(async () => expect(await readFile(file)).toEqual(bytes), 30_000);
}

/** A press may come to nothing where the page goes on right then. */
async function stopRefreshing(browser: AnyBrowser): Promise<void> {
  let timeoutMs = 0;
  await waitFor(async () => {
    try {
      await browser.waitForText('自動更新を止めています', timeoutMs);
    } catch (error) {
      await browser.press('自動更新を止める');
      timeoutMs = 5000;
      throw error;
    }
  }, 120_000);
}

import { readFile } from 'node:fs/promises';
import { eventually } from '../../support/eventually';
import type { AnyBrowser } from './any-browser';
import type { RealPortal } from './real-portal';

/** From the page that asks for a file, over the one that refreshes itself where the browser does so, to the saved file. */
export async function journeyToFile(
  browser: AnyBrowser,
  portal: RealPortal,
  refreshes: boolean,
): Promise<void> {
  portal.holdWorker();
  await browser.sees('作成受付の確認');
  await browser.press('明細作成');
  if (!refreshes) {
    await browser.sees('作成受付の完了');
    await browser.press('明細ダウンロード画面へ');
  }
  await browser.sees('ただいま作成中です');
  await stopRefreshing(browser);
  await browser.press('自動更新を再開する');
  await browser.sees('自動更新を止める');
  portal.goOn();
  await eventually(async () => {
    try {
      await browser.sees('明細が作成されております', refreshes ? 30_000 : 500);
    } catch (error) {
      if (!refreshes) await browser.press('画面を更新する');
      throw error;
    }
  }, 60_000);
  const file = await browser.save('明細ダウンロード');
  const bytes = await portal.lastFile();
  await eventually(async () => expect(await readFile(file)).toEqual(bytes), 30_000);
}

/** A press may come to nothing where the page goes on right then. */
async function stopRefreshing(browser: AnyBrowser): Promise<void> {
  let limit = 0;
  await eventually(async () => {
    try {
      await browser.sees('自動更新を止めています', limit);
    } catch (error) {
      await browser.press('自動更新を止める');
      limit = 5000;
      throw error;
    }
  }, 120_000);
}

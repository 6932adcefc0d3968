import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { config } from '../../config';
import { type AllStates, collectStates } from './states/all-states';
import { showState } from './states/show-state';
import { SURVEY_TIMEOUT_MS, surveyStates } from './states/survey';
import { launchChromium } from './support/chromium';
import { describeWith } from './support/needs';
import { SAVE_PICTURES, getPicturePath } from './support/pictures';

let all: AllStates;
let browser: Browser;

beforeAll(async () => {
  [all, browser] = await Promise.all([collectStates(), launchChromium()]);
});
afterAll(() => Promise.all([browser.close(), all.close()]));

/** The words of each sheet of paper. */
async function printPage(name: string): Promise<string[]> {
  const state = all.states.find((one) => one.name === name);
  if (!state) throw new Error(`no state “${name}”`);
  const page = await browser.newPage();
  await showState(page, all.url, state);
  const [file, limit] = [path.join(config.DATA_DIR, 'printed.pdf'), { timeout: 60_000 }];
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
  await page.close();
  if (SAVE_PICTURES)
    execFileSync('pdftoppm', ['-r', '60', '-png', file, getPicturePath('print', name)], limit);
  const sheets = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', ...limit })
    .split('\f')
    .slice(0, -1);
  return sheets.map((sheet) => sheet.normalize('NFKC').replace(/[ \n]+/g, ' '));
}

describeWith('chromium', 'pdftotext')('on A4 paper', () => {
  it.each([
    ['/selfpage/contract', ['現在のご契約状況', '契約コード d123456789']],
    ['/selfpage/charges', ['ご利用料金の確認', '契約コード d123456789', '2017年11月']],
    ['/selfpage/charges/#', ['ご利用料金の確認', '契約コード', 'd123456789', '2017年11月', '1,928.50円']],
    ['/selfpage/calls/#', ['ご利用明細', 'd123456789', '2017年11月', '1,928.50円']],
    ['self: many numbers', ['契約電話番号情報', '契約コード', '31～40件 / 全95件']],
    ['/selfpage/telegrams/#', ['電報明細の確認', 'd123456789', '2017年09月', '3,160.00円']],
    ['/mypage/usage/internet?contract=N#', ['インターネット接続利用明細', 'N000000001', '2017年11月分']],
    ['/mypage/usage/#/N#/#/#/all', ['050IP電話利用明細(発信・着信)', 'N000000001', '2017年11月分']],
    ['/mypage/bills', ['請求情報一覧', 'お客さま番号', '154,004.00円']],
    ['/mypage/bills/B#', ['請求情報照会', 'お客さま番号', '合計(税込)']],
    ['/mypage/usage/#', ['050IP電話利用明細', 'N000000001', '2017年11月分', '130,090']],
  ])('%s says what it is, of whom and when, and nothing to press', async (name, words) => {
    const sheets = await printPage(name);
    for (const word of words) expect(sheets.join(' ')).toContain(word.normalize('NFKC'));
    for (const button of [
      'ログアウト',
      'メニュー',
      '本文へ移動',
      '次へ',
      '戻る',
      '作成',
      '通話一覧',
      '号詳細 ',
    ])
      expect(sheets.join(' ')).not.toContain(button);
    sheets.forEach((sheet, index) =>
      expect(sheet).toMatch(new RegExp(`${index + 1} ?/ ?${sheets.length} $`)),
    );
    expect(sheets.at(-1)).toContain('表示日時 2017年12月05日');
  });
});

/** Cells of tables that do not stand under the head of their column. */
const findOverflowing = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const table of document.querySelectorAll<HTMLTableElement>('table')) {
      // Keyed by row and column: a head that spans several columns or rows has several keys.
      const places: Element[][] = [...table.rows].map(() => []);
      [...table.rows].forEach((row, y) => {
        for (const cell of row.cells) {
          let x = 0;
          while (places[y]?.[x]) x += 1;
          for (let down = 0; down < cell.rowSpan; down += 1)
            for (let right = 0; right < cell.colSpan; right += 1) {
              const line = places[y + down];
              if (line) line[x + right] = cell;
            }
        }
      });
      for (const cell of table.querySelectorAll('tbody td:not([colspan])')) {
        const { left, width } = cell.getBoundingClientRect();
        const x = places.find((line) => line.includes(cell))?.indexOf(cell) ?? 0;
        for (const head of places.slice(0, table.tHead?.rows.length).map((line) => line[x])) {
          const over = head?.getBoundingClientRect();
          const middle = left + width / 2;
          if (width > 0 && over && (middle < over.left || middle > over.right))
            found.push(`“${cell.textContent}” is not under “${head?.textContent}”`);
        }
      }
    }
    return found;
  });

describeWith('chromium')('a table on paper', () => {
  it(
    'has every cell under the head of its column, in every state',
    async () => {
      const inspect = async (page: Page) => {
        await page.emulateMedia({ media: 'print' });
        return { astray: await findOverflowing(page) };
      };
      const found = await surveyStates(browser, all, inspect, { viewport: { width: 680, height: 900 } });
      expect(found).toEqual({ astray: [] });
    },
    SURVEY_TIMEOUT_MS,
  );
});

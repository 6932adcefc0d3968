import type { Browser, Page } from 'playwright-core';
import { type AllStates, collectStates } from './states/all-states';
import { showState } from './states/show-state';
import { launchChromium } from './support/chromium';
import { describeWith } from './support/needs';
import { tabStops, tabThrough } from './support/tab-order';

let all: AllStates;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [all, browser] = await Promise.all([collectStates(), launchChromium()]);
});
afterAll(() => Promise.all([browser.close(), all.close()]));
beforeEach(async () => {
  page = await browser.newPage({ locale: 'ja-JP', viewport: { width: 1280, height: 900 } });
});
afterEach(() => page.close());

/** What is wrong in any state. */
async function problems(look: (name: string) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const state of all.states) {
    await showState(page, all.url, state);
    for (const problem of await look(state.name)) found.push(`${state.name}: ${problem}`);
  }
  return found;
}

/** Words of another language than their element says. */
const foreignWords = () =>
  page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const lang = node.parentElement?.closest('[lang]')?.getAttribute('lang');
      const english = /[A-Za-z]{2,}(?: [A-Za-z]{2,})+/.exec(node.textContent ?? '')?.[0];
      if (lang !== 'en' && english) found.push(english);
    }
    return document.documentElement.lang === 'ja' ? found : [...found, 'the page is not in ja'];
  });

/** Fields without a label, and heads of tables that do not say what they are the head of. */
const unnamed = () =>
  page.evaluate(() => [
    ...[...document.querySelectorAll<HTMLInputElement>('input:not([type=hidden], [type=submit]), select')]
      .filter((field) => field.labels?.length !== 1)
      .map((field) => `${field.name} has no label`),
    ...[...document.querySelectorAll('th:not([scope])')].map((head) => `no scope: ${head.textContent}`),
    ...[...document.querySelectorAll('table')]
      .filter((table) => !table.querySelector('thead th'))
      .map((table) => `no heads: ${table.className}`),
  ]);

/** Messages that do not have the focus or lead nowhere, and wrong fields without a message of their own. */
const looseErrors = () =>
  page.evaluate(() => {
    const found: string[] = [];
    const alert = document.querySelector('.notice-warning');
    if (alert && (alert !== document.activeElement || alert.getAttribute('role') !== 'alert'))
      found.push('the message has no focus');
    for (const link of alert?.querySelectorAll('a') ?? []) {
      const field = document.querySelector<HTMLInputElement>(link.hash);
      const message = document.getElementById(field?.getAttribute('aria-describedby') ?? '');
      if (!field?.matches('input') || message?.textContent !== link.textContent)
        found.push(`“${link.textContent}” is not at its field`);
    }
    for (const field of document.querySelectorAll('[aria-invalid]'))
      if (!alert?.querySelector(`a[href="#${field.id}"]`)) found.push(`${field.id} is not in the list`);
    return found;
  });

/** What does not say that it is the current step, and in words too. */
const quietSteps = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('.steps')]
      .filter((steps) => {
        const current = steps.querySelectorAll('[aria-current=step]');
        return current.length !== 1 || !current[0]?.textContent.includes('(現在)');
      })
      .map((steps) => steps.textContent),
  );

describeWith('chromium')('who hears every page in every state', () => {
  it('is told the language of foreign words', async () => {
    expect(await problems(foreignWords)).toEqual([]);
  });

  it('knows what fields and columns are', async () => {
    expect(await problems(unnamed)).toEqual([]);
  });

  it('is at the message, which leads to the fields, which have it too', async () => {
    expect(await problems(looseErrors)).toEqual([]);
    const withErrors = all.states.filter(({ html }) => html.includes('notice-warning'));
    expect(withErrors.length).toBeGreaterThan(8);
  });

  it('hears the current step', async () => {
    expect(await problems(quietSteps)).toEqual([]);
  });

  it.each([
    ['waiting', '作成待ち: '],
    ['being made', '作成中: '],
    ['partly made', '作成中 70%: '],
    ['failed: unknown', 'エラー: '],
    ['ready', '作成完了: '],
    ['stale', '再度作成が必要: '],
  ])('hears first of a file that it is %s', (name, words) => {
    const titles = all.states.filter((state) => state.name.endsWith(`/detail-files ${name}`));
    expect(titles.map(({ html }) => html.includes(`<title>${words}月別明細`))).toEqual([true]);
  });
});

describeWith('chromium')('who has a keyboard alone', () => {
  it('reaches everything in the order of the page, and sees where they are', async () => {
    const found = await problems(async () => {
      const expected = await tabStops(page);
      const { reached, unmarked } = await tabThrough(page, expected.length);
      const isOrder = JSON.stringify(reached) === JSON.stringify(expected);
      return [...(isOrder ? [] : [`${reached.join()} in place of ${expected.join()}`]), ...unmarked];
    });
    expect(found).toEqual([]);
  }, 300_000);

  it.each(['waiting', 'being made', 'partly made'])(
    'stops the refreshing of a page before anything else: %s',
    async (name) => {
      const state = all.states.find((one) => one.name === `/selfpage/detail-files ${name}`);
      if (state) await showState(page, all.url, state);
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      expect(await focused.innerText()).toBe('自動更新を止める');
      expect((await focused.boundingBox())?.x).toBeGreaterThan(0);
    },
  );
});

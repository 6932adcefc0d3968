import type { Browser, Page } from 'playwright-core';
import { type AllStates, collectStates } from './states/all-states';
import { showState } from './states/show-state';
import { type Findings, SURVEY_TIMEOUT_MS, surveyStates } from './states/survey';
import { launchChromium } from './support/chromium';
import { describeWith } from './support/needs';
import { listTabStops, pressTabs } from './support/tab-order';

let all: AllStates;
let browser: Browser;

beforeAll(async () => {
  [all, browser] = await Promise.all([collectStates(), launchChromium()]);
});
afterAll(() => Promise.all([browser.close(), all.close()]));

/** Words of another language than their element says. */
const findForeignWords = (page: Page) =>
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
const findUnnamed = (page: Page) =>
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
const findUnlinkedErrors = (page: Page) =>
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

/** Lists step bars that do not mark the current step, in words as well. */
const findUnmarkedSteps = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.steps')]
      .filter((steps) => {
        const current = steps.querySelectorAll('[aria-current=step]');
        return current.length !== 1 || !current[0]?.textContent.includes('(現在)');
      })
      .map((steps) => steps.textContent),
  );

/** Whether Tab reaches everything in the order of the page, marked. */
async function findTabProblems(page: Page): Promise<string[]> {
  const expected = await listTabStops(page);
  const { reached, unmarked } = await pressTabs(page, expected.length);
  const isOrder = JSON.stringify(reached) === JSON.stringify(expected);
  return [...(isOrder ? [] : [`${reached.join()} in place of ${expected.join()}`]), ...unmarked];
}

describeWith('chromium')('every page in every state', () => {
  let survey: Findings | undefined;
  let found: Findings;

  // Once, or once more for the next test where it could not be finished: what fails in beforeAll is never tried again.
  beforeEach(async () => {
    const inspect = async (page: Page) => ({
      foreign: await findForeignWords(page),
      unnamed: await findUnnamed(page),
      errors: await findUnlinkedErrors(page),
      steps: await findUnmarkedSteps(page),
      // Last: it moves the focus.
      straying: await findTabProblems(page),
    });
    found = survey ??= await surveyStates(browser, all, inspect, { viewport: { width: 1280, height: 900 } });
  }, SURVEY_TIMEOUT_MS);

  it('tells the language of foreign words', () => {
    expect(found.foreign).toEqual([]);
  });

  it('says what fields and columns are', () => {
    expect(found.unnamed).toEqual([]);
  });

  it('has the focus at the message, which leads to the fields, which have it too', () => {
    expect(found.errors).toEqual([]);
    const withErrors = all.states.filter(({ html }) => html.includes('notice-warning'));
    expect(withErrors.length).toBeGreaterThan(8);
  });

  it('says which step is the current one', () => {
    expect(found.steps).toEqual([]);
  });

  it('is reached by Tab as a whole, in its order, and shows where the focus is', () => {
    expect(found.straying).toEqual([]);
  });
});

describeWith('chromium')('a file', () => {
  it.each([
    ['waiting', '作成待ち: '],
    ['being made', '作成中: '],
    ['partly made', '作成中 70%: '],
    ['failed: unknown', 'エラー: '],
    ['ready', '作成完了: '],
    ['stale', '再度作成が必要: '],
  ])('says first that it is %s', (name, words) => {
    const titles = all.states.filter((state) => state.name.endsWith(`/detail-files ${name}`));
    expect(titles.map(({ html }) => html.includes(`<title>${words}月別明細`))).toEqual([true]);
  });

  it.each(['waiting', 'being made', 'partly made'])(
    'stops the refreshing before anything else, for who has a keyboard alone: %s',
    async (name) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
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

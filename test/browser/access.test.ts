import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { gzipSync } from 'node:zlib';
import { type AllStates, collectStates } from './states/all-states';
import { showState } from './states/show-state';
import { launchChromium, overflowOf } from './support/chromium';
import { describeWith } from './support/needs';
import { KEEPS_PICTURES, keepPicture } from './support/pictures';

let all: AllStates;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [all, browser] = await Promise.all([collectStates(), launchChromium()]);
});
afterAll(() => Promise.all([browser.close(), all.close()]));
beforeEach(async () => {
  page = await browser.newPage({ locale: 'ja-JP' });
});
afterEach(() => page.close());

/** Every state at this width, with what is wrong there. */
async function problemsAt(width: number, look: (name: string) => Promise<string[]>): Promise<string[]> {
  const problems: string[] = [];
  await page.setViewportSize({ width, height: 900 });
  for (const state of all.states) {
    await showState(page, all.url, state);
    for (const problem of await look(state.name)) problems.push(`${state.name} at ${width} px: ${problem}`);
  }
  return problems;
}

/** What axe finds, all of its rules, with those of WCAG 2.2. */
async function findings(): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => {
    const { axe: checker } = window as unknown as { axe: typeof import('axe-core') };
    return checker.run(document, {
      resultTypes: ['violations'],
      rules: { 'target-size': { enabled: true } },
    });
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
}

const overflow = async () =>
  [await overflowOf(page)].filter((wide) => wide > 0).map((wide) => `${wide} px too wide`);

/** What is cut off with the letters and lines of WCAG 1.4.12 further apart. */
async function cutOff(): Promise<string[]> {
  await page.addStyleTag({
    content:
      '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }',
  });
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const isHiding = overflowX === 'hidden' || overflowY === 'hidden';
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
        // One pixel is for screen readers alone.
        return (
          isHiding && clientWidth > 1 && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1)
        );
      })
      .map((element) => element.outerHTML),
  );
}

/** Names of the links, buttons and fields that can be seen. */
const controls = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('a[href], input:not([type=hidden]), select')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 0)
      .map((element) => element.getAttribute('aria-label') ?? element.textContent),
  );

describeWith('chromium')('every page in every state', () => {
  it.each([1280, 375])(
    'has no finding of axe at %i px',
    async (width) => {
      expect(await problemsAt(width, findings)).toEqual([]);
    },
    240_000,
  );

  it.each([1280, 800, 640, 375, 320])(
    'fits into %i px',
    async (width) => {
      const problems = await problemsAt(width, async (name) => {
        if (KEEPS_PICTURES) keepPicture(`chromium-${width}`, name, await page.screenshot({ fullPage: true }));
        return overflow();
      });
      expect(problems).toEqual([]);
    },
    120_000,
  );

  it('loses nothing with wider spacing', async () => {
    expect(await problemsAt(375, cutOff)).toEqual([]);
  }, 120_000);

  it('has the same links, buttons and fields at 400% of 1280 px', async () => {
    const wide: string[][] = [];
    await problemsAt(1280, async () => {
      wide.push(await controls());
      return [];
    });
    const narrow = await problemsAt(320, async () => {
      const before = wide.shift() ?? [];
      const now = await controls();
      return before.filter((name) => !now.includes(name)).map((name) => `no “${name}”`);
    });
    expect(narrow).toEqual([]);
  }, 120_000);

  it('has at most 30 kB on the wire with its style sheet', async () => {
    const style = gzipSync(await (await fetch(`${all.url}/public/style.css`)).text()).length;
    const heavy = all.states
      .map(({ name, html, isCompressed }) => ({
        name,
        bytes: style + (isCompressed ? gzipSync(html).length : Buffer.byteLength(html)),
      }))
      .filter(({ bytes }) => bytes > 30_000);
    expect(heavy).toEqual([]);
  });
});

describeWith('chromium')('forced colours', () => {
  it('tell the current step and the current menu entry by more than a colour of ours', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    const found = all.states.find(({ name }) => name === '/selfpage/password');
    if (found) await showState(page, all.url, found);
    const edge = (selector: string, part: string | null) =>
      page.$eval(
        selector,
        (element, pseudo) => {
          const { borderLeftColor, backgroundColor } = getComputedStyle(element, pseudo);
          return `${borderLeftColor} ${backgroundColor}`;
        },
        part,
      );
    expect(await edge('.steps .current', ':before')).not.toBe(await edge('.steps li:last-child', ':before'));
    expect(await edge('.menu .current', null)).not.toBe(await edge('.menu a:not(.current)', null));
  });
});

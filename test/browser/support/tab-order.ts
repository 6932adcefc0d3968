import type { Page } from 'playwright-core';

declare global {
  interface Window {
    tabStops: { reached: string[]; unmarked: string[] };
  }
}

/** Names of what Tab should reach below the place where the focus is, in the order of the page. */
export const listTabStops = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const toName = (element: Element) =>
      `${element.tagName}#${[...document.querySelectorAll('*')].indexOf(element)}`;
    const isBelow = (element: Element) => {
      const { activeElement: active } = document;
      if (!active || active === document.body) return true;
      return Boolean(active.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
    };
    // Tab reaches only the chosen radio button of a group, or the first if none is chosen.
    const isFirstOfGroup = (element: Element) => {
      if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
      const group = [...document.querySelectorAll<HTMLInputElement>(`input[name="${element.name}"]`)];
      return element === (group.find(({ checked }) => checked) ?? group[0]);
    };
    return [
      ...document.querySelectorAll(
        'a[href], input:not([type=hidden], :disabled), select, summary, [tabindex="0"]',
      ),
    ]
      .filter((element) => element.checkVisibility() && isBelow(element) && isFirstOfGroup(element))
      .map(toName);
  });

/** Presses Tab so often: what it reaches, and what of that has no ring around it. */
export async function pressTabs(page: Page, times: number): Promise<Window['tabStops']> {
  await page.evaluate(() => {
    const found: Window['tabStops'] = { reached: [], unmarked: [] };
    window.tabStops = found;
    addEventListener('focusin', ({ target }) => {
      if (!(target instanceof Element)) return;
      const name = `${target.tagName}#${[...document.querySelectorAll('*')].indexOf(target)}`;
      found.reached.push(name);
      if (getComputedStyle(target).outlineStyle === 'none') found.unmarked.push(`${name} is not marked`);
    });
  });
  for (let time = 0; time < times; time += 1) await page.keyboard.press('Tab');
  return page.evaluate(() => window.tabStops);
}

import type { Browser } from '../../support/browser';

/** A page as a customer may get it. */
export interface PageState {
  name: string;
  path: string;
  status: number;
  html: string;
  isCompressed: boolean;
}

/** Keeps what the browser shows under a name. */
export type Keep = (name: string, browser: Browser) => void;

export function keeper(): { states: PageState[]; keep: Keep } {
  const states: PageState[] = [];
  const keep: Keep = (name, browser) => {
    const { path, status, html } = browser;
    const isCompressed = browser.header('content-encoding') === 'gzip';
    if (states.some((state) => state.name === name)) throw new Error(`two states “${name}”`);
    states.push({ name, path, status, html, isCompressed });
  };
  return { states, keep };
}

const shapeOf = (path: string) => path.replace(/\d+/g, '#');

/** Follows every link of this part of the portal, one of each shape. */
export async function keepLinked(keep: Keep, browser: Browser, start: string, prefix: string): Promise<void> {
  const waiting = [start];
  const seen = new Set([shapeOf(start)]);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    await browser.visit(path);
    keep(shapeOf(path), browser);
    for (const element of browser.$('a[href]').toArray()) {
      const href = (browser.$(element).attr('href') ?? '').replace(/#.*/, '');
      if (!href.startsWith(prefix) || href.includes('/download?') || seen.has(shapeOf(href))) continue;
      seen.add(shapeOf(href));
      waiting.push(href);
    }
  }
}

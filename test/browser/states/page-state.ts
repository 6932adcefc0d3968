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
export type Capture = (name: string, browser: Browser) => void;

export function createCapture(): { states: PageState[]; keep: Capture } {
  const states: PageState[] = [];
  const keep: Capture = (name, browser) => {
    const { path, status, html } = browser;
    const isCompressed = browser.getHeader('content-encoding') === 'gzip';
    if (states.some((state) => state.name === name)) throw new Error(`two states “${name}”`);
    states.push({ name, path, status, html, isCompressed });
  };
  return { states, keep };
}

const toShape = (path: string) => path.replace(/\d+/g, '#');

/** Follows every link of this part of the portal, one of each shape. */
export async function captureLinked(
  capture: Capture,
  browser: Browser,
  start: string,
  prefix: string,
): Promise<void> {
  const waiting = [start];
  const seen = new Set([toShape(start)]);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    await browser.visit(path);
    capture(toShape(path), browser);
    for (const element of browser.$('a[href]').toArray()) {
      const href = (browser.$(element).attr('href') ?? '').replace(/#.*/, '');
      if (!href.startsWith(prefix) || href.includes('/download?') || seen.has(toShape(href))) continue;
      seen.add(toShape(href));
      waiting.push(href);
    }
  }
}

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
/** Flags to run as root in a container, and to render the same everywhere. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
];
/** Without a locale that knows Japanese it saves no file under a Japanese name. */
const CHROMIUM_ENV = { ...process.env, LC_ALL: 'C.UTF-8' } as Record<string, string>;

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS, env: CHROMIUM_ENV, timeout: 90_000 });

export interface ChromiumTab {
  page: Page;
  context: BrowserContext;
  /** Everything that was wrong on the pages so far: another host, two style sheets, a wider page than the window. */
  problems: string[];
  /** @throws Error with the problems */
  close: () => Promise<void>;
}

/** A tab of its own session; each page that it shows is checked. */
export async function openChromiumTab(
  browser: Browser,
  options: { baseURL: string; width: number; height?: number; script: boolean },
): Promise<ChromiumTab> {
  const { baseURL, width, height = 900, script } = options;
  const context = await browser.newContext({
    ...{ baseURL, viewport: { width, height }, javaScriptEnabled: script, locale: 'ja-JP' },
    acceptDownloads: true,
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL)) problems.push(`${page.url()} asks for ${request.url()}`);
  });
  page.on('console', (message) => {
    // A form that is answered by 422 counts as a failed load there.
    if (message.type() === 'error' && !/status of (404|422)/.test(message.text()))
      problems.push(`${page.url()} says ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${page.url()} throws ${error.message}`));
  const close = async () => {
    await context.close();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  };
  return { page, context, problems, close };
}

/** Returns how many pixels the page is wider than the window. */
export const measureOverflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

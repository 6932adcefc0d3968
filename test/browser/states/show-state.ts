import type { Page } from 'playwright-core';
import type { PageState } from './page-state';

/** Shows a page that was got before, with its style sheet and scripts. */
export async function showState(page: Page, url: string, { html, path }: PageState): Promise<void> {
  const address = new URL(path, url).href;
  await page.unrouteAll();
  await page.route(
    address,
    (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
    {
      times: 1,
    },
  );
  await page.goto(address);
  // It comes a moment after the page; a test that wants it says so better than this.
  if (html.includes(' autofocus'))
    await page
      .locator('[autofocus]:focus')
      .waitFor({ timeout: 20_000 })
      .catch(() => undefined);
}

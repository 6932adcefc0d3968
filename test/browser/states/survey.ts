import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { AllStates } from './all-states';
import type { PageState } from './page-state';
import { showState } from './show-state';

/** Problems of a page, keyed by the name of the check. */
export type Findings = Record<string, string[]>;

/** Pages that are looked at side by side. */
const PAGES = 2;

/** Long enough for a machine that is busy with other work too; in milliseconds. */
export const SURVEY_TIMEOUT_MS = 600_000;

/** Shows every state once, and has a look at it: what is wrong in any of them. */
export async function surveyStates(
  browser: Browser,
  { states, url }: AllStates,
  look: (page: Page, state: PageState) => Promise<Findings>,
  options: BrowserContextOptions = {},
): Promise<Findings> {
  const found: Findings = {};
  const waiting = [...states];
  const inspectNext = async (page: Page): Promise<void> => {
    const state = waiting.shift();
    if (!state) return page.close();
    await showState(page, url, state);
    for (const [name, problems] of Object.entries(await look(page, state)))
      (found[name] ??= []).push(...problems.map((problem) => `${state.name}: ${problem}`));
    return inspectNext(page);
  };
  const pages = Array.from({ length: PAGES }, () => browser.newPage({ locale: 'ja-JP', ...options }));
  await Promise.all(pages.map(async (page) => inspectNext(await page)));
  return found;
}

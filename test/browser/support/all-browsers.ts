import type { AnyBrowser } from './any-browser';
import { Firefox } from './firefox';
import { TEXT_BROWSERS, TextBrowser } from './text-browser';

interface BrowserKind {
  name: string;
  /** Programs that it needs. */
  programs: string[];
  /** Whether it follows the header Refresh by itself. */
  refreshes: boolean;
  open: (url: string) => Promise<AnyBrowser>;
}

const createTextBrowserKind = (name: keyof typeof TEXT_BROWSERS): BrowserKind => ({
  name,
  programs: [name, 'script'],
  refreshes: TEXT_BROWSERS[name].refreshes,
  open: (url) => Promise.resolve(new TextBrowser(TEXT_BROWSERS[name], url)),
});

const createFirefoxKind = (script: boolean): BrowserKind => ({
  name: `Firefox ESR, script ${script ? 'on' : 'off'}`,
  programs: ['firefox-esr'],
  refreshes: true,
  open: (url) => Firefox.open(url, script),
});

/** Every browser that can be told what to do in the words of the pages. */
export const ALL_BROWSERS: BrowserKind[] = [
  createTextBrowserKind('w3m'),
  createTextBrowserKind('lynx'),
  createTextBrowserKind('links2'),
  createFirefoxKind(true),
  createFirefoxKind(false),
];

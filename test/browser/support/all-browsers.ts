import type { AnyBrowser } from './any-browser';
import { Firefox } from './firefox';
import { TEXT_BROWSERS, TextBrowser } from './text-browser';

interface Kind {
  name: string;
  /** What must be there for it. */
  programs: string[];
  /** Whether it follows the header Refresh by itself. */
  refreshes: boolean;
  open: (url: string) => Promise<AnyBrowser>;
}

const textBrowser = (name: keyof typeof TEXT_BROWSERS): Kind => ({
  name,
  programs: [name, 'script'],
  refreshes: TEXT_BROWSERS[name].refreshes,
  open: (url) => Promise.resolve(new TextBrowser(TEXT_BROWSERS[name], url)),
});

const firefox = (script: boolean): Kind => ({
  name: `Firefox ESR, script ${script ? 'on' : 'off'}`,
  programs: ['firefox-esr'],
  refreshes: true,
  open: (url) => Firefox.open(url, script),
});

/** Every browser that can be told what to do in the words of the pages. */
export const ALL_BROWSERS: Kind[] = [
  textBrowser('w3m'),
  textBrowser('lynx'),
  textBrowser('links2'),
  firefox(true),
  firefox(false),
];

import { access } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '../../support/eventually';
import type { AnyBrowser } from './any-browser';
import { type Screen, Terminal } from './terminal';

const ENTER = '\r';
const DOWN = '\x1b[B';
const CONTROL_U = '\x15';
/** How long it looks for a way on a page that is perhaps not all there yet. */
const TIMEOUT_MS = 60_000;

/** How a text browser is told what to do. */
interface TextBrowserOptions {
  command: string[];
  isOneCell?: boolean;
  /** The keys to the page's beginning, and to the next link, field or button. */
  top: string;
  next: string;
  /** Around what is typed into a field. */
  beforeTyping: string;
  afterTyping: string;
  /** Whether it follows the header Refresh by itself. */
  refreshes: boolean;
  /** The key that gets the page anew. */
  reload: string;
  /** From the link under the cursor to the question by which name to save what it leads to. */
  save: (terminal: Terminal) => Promise<unknown>;
  /** Leads back to the page. */
  afterSaving: string;
  /** Written when a page has loaded; set only for browsers that lose keys before that. */
  loaded?: string;
}

export const TEXT_BROWSERS: Record<'w3m' | 'lynx' | 'links2', TextBrowserOptions> = {
  w3m: {
    command: ['w3m', '-cookie', '-o', 'meta_refresh=1', '-o', 'display_charset=UTF-8'],
    top: 'g',
    refreshes: false,
    reload: 'R',
    next: '\t',
    beforeTyping: ENTER,
    afterTyping: ENTER,
    save(terminal) {
      terminal.type('a');
      return terminal.waitForText('Save file to');
    },
    afterSaving: 'B',
  },
  lynx: {
    // -partial: it shows a page once it has all of it.
    command: ['lynx', '-accept_all_cookies', '-display_charset=utf-8', '-nopause', '-partial'],
    top: '\x01',
    refreshes: false,
    reload: '\x12',
    next: '\t',
    beforeTyping: '',
    afterTyping: '',
    async save(terminal) {
      terminal.type('d');
      await terminal.waitForText('Save to disk');
      terminal.type(ENTER);
      await terminal.waitForText('Enter a filename');
    },
    afterSaving: '\x1b[D',
    loaded: 'Data transfer complete',
  },
  links2: {
    // Its own cache keeps pages and redirects that must not be cached.
    command: ['links2', '-html-auto-refresh', '1', '-aggressive-cache', '0'],
    isOneCell: true,
    top: '\x1b[H',
    refreshes: true,
    reload: '\x12',
    next: DOWN,
    beforeTyping: '',
    afterTyping: '',
    async save(terminal) {
      terminal.type(ENTER);
      await terminal.waitForText('Save');
      terminal.type(ENTER);
      await terminal.waitForText('Save to file');
    },
    afterSaving: '',
  },
};

const isField = ({ above, atCursor }: Screen, label: string) =>
  above.some((line) => line.startsWith(label)) && /^[_\]\s]*$/.test(atCursor);

/** Someone at a text browser, who reads the screen and walks from link to link. */
export class TextBrowser implements AnyBrowser {
  private readonly terminal: Terminal;

  constructor(
    private readonly options: TextBrowserOptions,
    url: string,
  ) {
    this.terminal = new Terminal([...options.command, url], options.isOneCell);
  }

  waitForText(words: string | RegExp, limit?: number): Promise<string> {
    return this.terminal.waitForText(words, limit);
  }

  async press(words: string, nth = 0): Promise<void> {
    await this.walkTo(words, ({ atCursor }) => atCursor.startsWith(words), nth);
    await this.requestPage(ENTER);
  }

  /** A message may stand between the label and its field. */
  async fill(label: string, text: string): Promise<void> {
    await this.walkTo(label, (screen) => isField(screen, label));
    this.terminal.type(this.options.beforeTyping + text + this.options.afterTyping);
  }

  async choose(words: string): Promise<void> {
    await this.walkTo(words, ({ atCursor }) => atCursor.replace(/^[\s()[\]*_]+/, '').startsWith(words));
    this.terminal.type(ENTER);
  }

  /** Chooses from the list that opens over the page. */
  async pickAfter(current: string, wanted: string): Promise<void> {
    await this.walkTo(current, ({ atCursor }) => atCursor.startsWith(current));
    this.terminal.type(ENTER);
    await this.terminal.waitForText(wanted);
    this.terminal.type(DOWN + ENTER);
  }

  reload = () => this.requestPage(this.options.reload);

  async save(words: string): Promise<string> {
    const file = path.join(this.terminal.home, 'saved.csv');
    await this.walkTo(words, ({ atCursor }) => atCursor.startsWith(words));
    await this.options.save(this.terminal);
    // Over the name that is proposed.
    this.terminal.type(`${CONTROL_U}${file}${ENTER}`);
    await waitFor(() => access(file), TIMEOUT_MS);
    this.terminal.type(this.options.afterSaving);
    return file;
  }

  close = () => this.terminal.close();

  /** Presses a key that loads a page. */
  private async requestPage(key: string): Promise<void> {
    if (this.options.loaded) await this.terminal.typeAndWaitFor(key, this.options.loaded);
    else this.terminal.type(key);
  }

  /** Puts the cursor on the `nth` such place below it, else on the page. */
  private async walkTo(words: string, isThere: (screen: Screen) => boolean, nth = 0): Promise<void> {
    let left = nth;
    const isTarget = (screen: Screen) => isThere(screen) && left-- === 0;
    await waitFor(async () => {
      if (await this.walkDown(isTarget)) return;
      this.terminal.type(this.options.top);
      left = nth;
      if (await this.walkDown(isTarget)) return;
      left = nth;
      const { lines } = await this.terminal.waitUntilSettled();
      throw new Error(`no way to “${words}”:\n${lines.join('\n').trimEnd()}`);
    }, TIMEOUT_MS);
  }

  /** From link to link until one is the right one; false where the last or the first one comes again. */
  private async walkDown(isTheOne: (screen: Screen) => boolean): Promise<boolean> {
    const seen = new Set<string>();
    for (;;) {
      const screen = await this.terminal.waitUntilSettled();
      if (seen.has(screen.place)) return false;
      if (isTheOne(screen)) return true;
      seen.add(screen.place);
      this.terminal.type(this.options.next);
    }
  }
}

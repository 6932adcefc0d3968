import { access } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../../support/eventually';
import type { AnyBrowser } from './any-browser';
import { type Screen, Terminal } from './terminal';

const ENTER = '\r';
const DOWN = '\x1b[B';
const CONTROL_U = '\x15';
/** How long it looks for a way on a page that is perhaps not all there yet. */
const PATIENCE_MS = 60_000;

/** How a text browser is told what to do. */
interface Habits {
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
  /** What it writes once it has loaded a page, if keys are lost on it until then. */
  loaded?: string;
}

export const TEXT_BROWSERS: Record<'w3m' | 'lynx' | 'links2', Habits> = {
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
      return terminal.sees('Save file to');
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
      await terminal.sees('Save to disk');
      terminal.type(ENTER);
      await terminal.sees('Enter a filename');
    },
    afterSaving: '\x1b[D',
    loaded: 'Data transfer complete',
  },
  links2: {
    // By itself it keeps pages and redirections that no browser may keep.
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
      await terminal.sees('Save');
      terminal.type(ENTER);
      await terminal.sees('Save to file');
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
    private readonly habits: Habits,
    url: string,
  ) {
    this.terminal = new Terminal([...habits.command, url], habits.isOneCell);
  }

  sees(words: string | RegExp, limit?: number): Promise<string> {
    return this.terminal.sees(words, limit);
  }

  async press(words: string, nth = 0): Promise<void> {
    await this.walkTo(words, ({ atCursor }) => atCursor.startsWith(words), nth);
    await this.ask(ENTER);
  }

  /** A message may stand between the label and its field. */
  async fill(label: string, text: string): Promise<void> {
    await this.walkTo(label, (screen) => isField(screen, label));
    this.terminal.type(this.habits.beforeTyping + text + this.habits.afterTyping);
  }

  async choose(words: string): Promise<void> {
    await this.walkTo(words, ({ atCursor }) => atCursor.replace(/^[\s()[\]*_]+/, '').startsWith(words));
    this.terminal.type(ENTER);
  }

  /** By the list that comes up over the page. */
  async pickAfter(current: string, wanted: string): Promise<void> {
    await this.walkTo(current, ({ atCursor }) => atCursor.startsWith(current));
    this.terminal.type(ENTER);
    await this.terminal.sees(wanted);
    this.terminal.type(DOWN + ENTER);
  }

  reload = () => this.ask(this.habits.reload);

  async save(words: string): Promise<string> {
    const file = path.join(this.terminal.home, 'saved.csv');
    await this.walkTo(words, ({ atCursor }) => atCursor.startsWith(words));
    await this.habits.save(this.terminal);
    // Over the name that is proposed.
    this.terminal.type(`${CONTROL_U}${file}${ENTER}`);
    await eventually(() => access(file), PATIENCE_MS);
    this.terminal.type(this.habits.afterSaving);
    return file;
  }

  close = () => this.terminal.close();

  /** By a key that asks for a page. */
  private async ask(key: string): Promise<void> {
    if (this.habits.loaded) await this.terminal.typeUntil(key, this.habits.loaded);
    else this.terminal.type(key);
  }

  /** Puts the cursor on the `nth` such place below it, else on the page. */
  private async walkTo(words: string, isThere: (screen: Screen) => boolean, nth = 0): Promise<void> {
    let left = nth;
    const isTheOne = (screen: Screen) => isThere(screen) && left-- === 0;
    await eventually(async () => {
      if (await this.walkDown(isTheOne)) return;
      this.terminal.type(this.habits.top);
      left = nth;
      if (await this.walkDown(isTheOne)) return;
      left = nth;
      const { lines } = await this.terminal.settled();
      throw new Error(`no way to “${words}”:\n${lines.join('\n').trimEnd()}`);
    }, PATIENCE_MS);
  }

  /** From link to link until one is the right one; false where the last or the first one comes again. */
  private async walkDown(isTheOne: (screen: Screen) => boolean): Promise<boolean> {
    const seen = new Set<string>();
    for (;;) {
      const screen = await this.terminal.settled();
      if (seen.has(screen.place)) return false;
      if (isTheOne(screen)) return true;
      seen.add(screen.place);
      this.terminal.type(this.habits.next);
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { type Screen, Terminal } from './terminal';

/** A key that has moved nothing by then moves nothing. */
const PATIENCE_MS = 300;

/** How a text browser is told what to do. */
interface Habits {
  command: string[];
  isOneCell?: boolean;
  /** The keys to the page's beginning, and to the next link, field or button. */
  top: string;
  next: string;
  /** Around what is typed into a field. */
  beforeTyping: string[];
  afterTyping: string[];
  /** Whether it follows the header Refresh by itself. */
  refreshes: boolean;
  /** The key that gets the page anew. */
  reload: string;
  /** Saves what the link under the cursor leads to. */
  save: (terminal: Terminal, file: string) => Promise<void>;
}

const clearAndType = (terminal: Terminal, file: string) => {
  terminal.keys('C-u');
  terminal.type(file);
  terminal.keys('Enter');
};

export const TEXT_BROWSERS: Record<'w3m' | 'lynx' | 'links2', Habits> = {
  w3m: {
    command: ['w3m', '-cookie', '-o', 'meta_refresh=1', '-o', 'display_charset=UTF-8'],
    top: 'g',
    refreshes: false,
    reload: 'R',
    next: 'Tab',
    beforeTyping: ['Enter'],
    afterTyping: ['Enter'],
    async save(terminal, file) {
      terminal.keys('a');
      await terminal.sees('Save file to');
      clearAndType(terminal, file);
    },
  },
  lynx: {
    command: ['lynx', '-accept_all_cookies', '-display_charset=utf-8', '-nopause'],
    top: 'Home',
    refreshes: false,
    reload: 'C-r',
    next: 'Tab',
    beforeTyping: [],
    afterTyping: [],
    async save(terminal, file) {
      terminal.keys('d');
      await terminal.sees('Save to disk');
      terminal.keys('Enter');
      await terminal.sees('Enter a filename');
      clearAndType(terminal, file);
    },
  },
  links2: {
    // By itself it keeps pages and redirections that no browser may keep.
    command: ['links2', '-html-auto-refresh', '1', '-aggressive-cache', '0'],
    isOneCell: true,
    top: 'Home',
    refreshes: true,
    reload: 'C-r',
    next: 'Down',
    beforeTyping: [],
    afterTyping: [],
    async save(terminal, file) {
      terminal.keys('Enter');
      await terminal.sees('Save');
      terminal.keys('Enter');
      await terminal.sees('Save to file');
      clearAndType(terminal, file);
    },
  },
};

const isField = ({ above, atCursor }: Screen, label: string) =>
  above.some((line) => line.startsWith(label)) && /^[_\]\s]*$/.test(atCursor);

/** Someone at a text browser, who reads the screen and walks from link to link. */
export class TextBrowser {
  private readonly terminal: Terminal;

  constructor(
    private readonly habits: Habits,
    url: string,
  ) {
    this.terminal = new Terminal([...habits.command, url], habits.isOneCell);
  }

  sees(words: string | RegExp, limit?: number): Promise<string[]> {
    return this.terminal.sees(words, limit);
  }

  /** Follows a link or presses a button; `nth` of several with the same words. */
  async press(words: string, nth = 0): Promise<void> {
    let left = nth;
    await this.walkTo(words, ({ atCursor }) => atCursor.startsWith(words) && left-- === 0);
    this.terminal.keys('Enter');
  }

  /** Types into the field with this label; a message may stand between them. */
  async fill(label: string, text: string): Promise<void> {
    await this.walkTo(label, (screen) => isField(screen, label));
    if (this.habits.beforeTyping.length > 0) this.terminal.keys(...this.habits.beforeTyping);
    const { place } = this.terminal.screen();
    this.terminal.type(text);
    await this.movedFrom(place);
    if (this.habits.afterTyping.length > 0) this.terminal.keys(...this.habits.afterTyping);
  }

  /** Chooses the radio button with these words behind it. */
  async choose(words: string): Promise<void> {
    await this.walkTo(words, ({ atCursor }) => atCursor.replace(/^[\s()[\]*_]+/, '').startsWith(words));
    this.terminal.keys('Enter');
  }

  reload(): void {
    this.terminal.keys(this.habits.reload);
  }

  /** Saves what a link leads to. */
  async save(words: string, file: string): Promise<void> {
    await this.walkTo(words, ({ atCursor }) => atCursor.startsWith(words));
    await this.habits.save(this.terminal, file);
  }

  close = () => this.terminal.close();

  /** Down the page from where the cursor is, then once more from the top. */
  private async walkTo(words: string, isThere: (screen: Screen) => boolean): Promise<void> {
    let screen = this.terminal.screen();
    for (const key of [this.habits.next, this.habits.top, this.habits.next]) {
      const seen = new Set<string>();
      for (let isMoving = true; isMoving && !seen.has(screen.place);) {
        if (isThere(screen)) return;
        seen.add(screen.place);
        this.terminal.keys(key);
        const moved = await this.movedFrom(screen.place);
        isMoving = moved !== undefined && key === this.habits.next;
        screen = moved ?? screen;
      }
    }
    throw new Error(`no way to “${words}”:\n${screen.lines.join('\n').trimEnd()}`);
  }

  /** The screen once the cursor has moved; nothing where it stays. */
  private async movedFrom(place: string): Promise<Screen | undefined> {
    const deadline = Date.now() + PATIENCE_MS;
    let last = '';
    while (Date.now() < deadline) {
      const screen = this.terminal.screen();
      if (screen.place !== place && screen.place === last) return screen;
      last = screen.place;
      await delay(10);
    }
    return undefined;
  }
}

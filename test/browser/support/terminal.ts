import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Terminal as Emulator } from '@xterm/headless';
import { endChild } from '../../kit/stop-child';
import { listChildren } from '../../kit/processes';
import { waitFor } from '../../support/eventually';
import { matchesText } from './any-browser';
import { isAlive } from '../../support/process';

export interface Screen {
  lines: string[];
  /** The text from the cursor to the end of its line; `above` are the two lines before. */
  atCursor: string;
  above: string[];
  /** Differs where the cursor has moved. */
  place: string;
}

const COLUMNS = 160;
/** Tall enough to show every page as a whole. */
const ROWS = 250;
/** Control-L: draw the screen anew. All three browsers know it, in fields too, and do it in its turn. */
const REDRAW = '\f';
/** Longer than the slowest takes: one that is still to come would be taken for the next. */
const REDRAW_TIMEOUT_MS = 20_000;

/** A program in a terminal: what is typed, and what can be read there. */
export class Terminal {
  readonly home = mkdtempSync(path.join(tmpdir(), 'meisai-terminal-'));
  private readonly child: ChildProcess;
  private readonly emulator = new Emulator({
    ...{ cols: COLUMNS, rows: ROWS, scrollback: 0 },
    allowProposedApi: true,
  });
  /** The screen that was there when the program last wiped it. */
  private wiped?: Screen;
  /** Output since `typeUntil`. */
  private output = '';

  /** `isOneCell`: for programs that count one cell for a Japanese character. */
  constructor(command: string[], isOneCell = false) {
    // Without it links greets whoever comes for the first time.
    mkdirSync(path.join(this.home, '.links2'));
    writeFileSync(path.join(this.home, '.links2', 'links.cfg'), '');
    if (isOneCell) this.setOneCellWidth();
    this.watchWipes();
    const quoted = command.map((word) => `'${word}'`).join(' ');
    const script = `stty cols ${COLUMNS} rows ${ROWS} && exec ${quoted}`;
    const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: this.home, TERM: 'vt100' };
    this.child = spawn('script', ['-qefc', script, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout?.on('data', (data: Buffer) => {
      this.output += data.toString('latin1');
      this.emulator.write(data);
    });
  }

  /** Types this, as it is: `\r` is Enter. */
  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /**
   * The screen once the program has done everything that was typed, and has drawn it: it works off its keys in turn, so
   * that what a second redrawing wipes out is the whole of the first.
   */
  async waitUntilSettled(): Promise<Screen> {
    await this.redraw();
    return this.redraw();
  }

  /** Types this, and waits until the program has written these words, were it for a moment alone. */
  async typeAndWaitFor(text: string, written: string): Promise<void> {
    this.output = '';
    this.type(text);
    await waitFor(() => {
      if (!this.output.includes(written)) throw new Error(`never said “${written}”:\n${this.output}`);
    }, 60_000);
  }

  /** Waits until these words can be read. */
  async waitForText(words: string | RegExp, limit = 60_000): Promise<string> {
    return waitFor(() => {
      const text = this.read().lines.join('\n');
      if (!matchesText(text, words)) throw new Error(`no “${words}” on the screen:\n${text.trim()}`);
      return text;
    }, limit);
  }

  async close(): Promise<void> {
    const { pid = 0 } = this.child;
    const [program = 0] = isAlive(pid) ? listChildren(pid) : [];
    // Its terminal goes with it, and the program with the terminal.
    await endChild(this.child, 'SIGKILL');
    await waitFor(() => {
      if (isAlive(program)) throw new Error('still runs');
    });
    this.emulator.dispose();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Has it drawn anew, and gives what stood there before. lynx hears no key while it loads: then once more. */
  private redraw(): Promise<Screen> {
    this.wiped = undefined;
    return waitFor(async () => {
      this.type(REDRAW);
      return waitFor(() => {
        if (!this.wiped) throw new Error('the program does not draw its screen');
        return this.wiped;
      }, REDRAW_TIMEOUT_MS);
    }, 90_000);
  }

  /** Keeps each screen that is wiped; some go to its first place before they do. */
  private watchWipes(): void {
    let before: readonly [number, number] = [0, 0];
    const { parser, buffer } = this.emulator;
    const getCursor = () => [buffer.active.cursorX, buffer.active.cursorY] as const;
    parser.registerCsiHandler({ final: 'H' }, () => {
      before = getCursor();
      return false;
    });
    parser.registerCsiHandler({ final: 'J' }, () => {
      const [x, y] = getCursor();
      const screen = x === 0 && y === 0 ? this.read(...before) : this.read(x, y);
      // A second wiping right after it.
      if (screen.lines.some((line) => line !== '')) this.wiped = screen;
      return false;
    });
  }

  private setOneCellWidth(): void {
    const { unicode } = this.emulator;
    // The emulator's own packing of a character's width: from the second bit on.
    unicode.register({ version: 'one cell', wcwidth: () => 1, charProperties: () => 1 << 1 });
    unicode.activeVersion = 'one cell';
  }

  private read(x = this.emulator.buffer.active.cursorX, y = this.emulator.buffer.active.cursorY): Screen {
    const { active } = this.emulator.buffer;
    const readLine = (at: number, from = 0) => active.getLine(at)?.translateToString(true, from) ?? '';
    const lines = Array.from({ length: ROWS }, (_, at) => readLine(at));
    return {
      lines,
      atCursor: readLine(y, x).replace(/^[\s[(]+/, ''),
      above: lines.slice(Math.max(0, y - 2), y).map((one) => one.trim()),
      place: `${x},${y}`,
    };
  }
}

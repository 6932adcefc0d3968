import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../../support/eventually';
import { isAlive } from '../../support/process';
import { oneCellScreen } from './one-cell-screen';

export interface Screen {
  lines: string[];
  /** What stands from the cursor to the end of its line, and in the two lines above it. */
  atCursor: string;
  above: string[];
  /** Differs where the cursor has moved. */
  place: string;
}

const COLUMNS = 160;
/** So tall that every page is on the screen as a whole. */
const ROWS = 250;
// Of two cells in a terminal.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/;

/** A program in a terminal: what is typed, and what can be read there. */
export class Terminal {
  readonly home = mkdtempSync(path.join(tmpdir(), 'meisai-terminal-'));
  private readonly socket = path.join(this.home, 'tmux');
  private readonly output = path.join(this.home, 'output');

  /** `isOneCell`: for programs that count one cell for a Japanese character. */
  constructor(
    command: string[],
    private readonly isOneCell = false,
  ) {
    // Without it links greets whoever comes for the first time.
    mkdirSync(path.join(this.home, '.links2'));
    writeFileSync(path.join(this.home, '.links2', 'links.cfg'), '');
    const size = ['-x', String(COLUMNS), '-y', String(ROWS)];
    const env = ['env', 'LANG=C.UTF-8', `HOME=${this.home}`, 'TERM=screen-256color'];
    const quoted = [...env, ...command].map((word) => `'${word}'`).join(' ');
    // The program waits until its output is written down.
    this.tmux('-u', '-f', '/dev/null', 'new-session', '-d', ...size, `read start; exec ${quoted}`);
    if (isOneCell) this.tmux('pipe-pane', `cat > '${this.output}'`);
    this.keys('Enter');
  }

  keys(...names: string[]): void {
    this.tmux('send-keys', ...names);
  }

  type(text: string): void {
    this.tmux('send-keys', '-l', text);
  }

  screen(): Screen {
    if (this.isOneCell) return this.read(oneCellScreen(readFileSync(this.output, 'utf8'), COLUMNS));
    const lines = this.tmux('capture-pane', '-p').split('\n');
    const [x = 0, y = 0] = this.tmux('display', '-p', '#{cursor_x},#{cursor_y}').split(',').map(Number);
    return this.read({ lines, x: charactersIn(lines[y] ?? '', x), y });
  }

  /** Waits until these words can be read. */
  async sees(words: string | RegExp, limit = 15_000): Promise<string[]> {
    return eventually(() => {
      const { lines } = this.screen();
      const text = lines.join('\n');
      if (typeof words === 'string' ? !text.includes(words) : !words.test(text))
        throw new Error(`no “${words}” on the screen:\n${text.trim()}`);
      return lines;
    }, limit);
  }

  async close(): Promise<void> {
    const pid = Number(this.tmux('display', '-p', '#{pane_pid}'));
    this.tmux('kill-server');
    await eventually(() => {
      if (isAlive(pid)) throw new Error('still runs');
    });
    rmSync(this.home, { recursive: true, force: true });
  }

  private read({ lines, x, y }: { lines: string[]; x: number; y: number }): Screen {
    const atCursor = (lines[y] ?? '').slice(x).replace(/^[\s[(]+/, '');
    return {
      lines,
      atCursor,
      above: lines.slice(Math.max(0, y - 2), y).map((line) => line.trim()),
      place: `${x},${y}`,
    };
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.socket, ...args], { encoding: 'utf8' });
  }
}

/** How many characters the first cells of a line are. */
function charactersIn(line: string, cells: number): number {
  let count = 0;
  for (let used = 0; used < cells && count < line.length; count += 1)
    used += WIDE.test(line[count] ?? '') ? 2 : 1;
  return count;
}

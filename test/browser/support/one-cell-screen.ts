// What links writes: moves, erasures, a backspace that takes back the star it writes before a wide character, text.
// eslint-disable-next-line no-control-regex
const TOKEN = /\x1b\[([\d;?]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b.|[^\x1b]/gs;

/** The screen after this output, on a terminal where every character has one cell. */
export function oneCellScreen(output: string, columns: number): { lines: string[]; x: number; y: number } {
  const cells: ((string | undefined)[] | undefined)[] = [];
  let [x, y] = [0, 0];
  const put = (character: string) => {
    (cells[y] ??= [])[x] = character;
    x = Math.min(x + 1, columns - 1);
  };
  for (const [token, numbers = '', letter] of output.matchAll(TOKEN)) {
    const [first = 1, second = 1] = numbers.split(';').map((number) => Number(number) || 1);
    if (letter === 'H') [y, x] = [first - 1, second - 1];
    else if (letter === 'J') cells.length = 0;
    else if (token === '\b') x -= 1;
    else if (token === '\r') x = 0;
    else if (token === '\n') y += 1;
    else if (token >= ' ') put(token);
  }
  const lines = Array.from(cells, (row) => Array.from(row ?? [], (character) => character ?? ' ').join(''));
  return { lines: lines.map((line) => line.trimEnd()), x, y };
}

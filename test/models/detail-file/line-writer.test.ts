import { csvText } from '../../../models/detail-file/csv-text';
import { LineWriter } from '../../../models/detail-file/line-writer';

it('writes texts of any length', () => {
  const long = '長'.repeat(1_000_000);
  const line = new LineWriter();
  for (const text of ['a', long, 'b']) {
    line.text(csvText(text, 20));
    line.endCell();
  }
  line.endLine();
  const { cp932, utf8, rows } = line.take();
  expect(rows).toBe(1);
  expect(Buffer.from(utf8).toString()).toBe(`a,${long},b\r\n`);
  expect(cp932).toHaveLength(1 + 1 + 20 + 1 + 1 + 2);
});

it('gives its bytes away: what is written later leaves them as they are', () => {
  const line = new LineWriter();
  const write = (text: string) => {
    line.text(csvText(text));
    line.endCell();
    line.endLine();
    return line.take();
  };
  const first = write('first');
  write('second');
  expect(Buffer.from(first.cp932).toString()).toBe('first\r\n');
});

it('is full before there could be no room for a line', () => {
  const line = new LineWriter();
  let written = 0;
  while (!line.isFull) {
    for (let cell = 0; cell < 9; cell += 1) {
      line.text(csvText('x'.repeat(100)));
      line.endCell();
    }
    line.endLine();
    written += 1;
  }
  const { cp932, utf8 } = line.take();
  expect(cp932).toHaveLength(written * (9 * 101 + 1));
  expect(Buffer.from(cp932).equals(utf8)).toBe(true);
});

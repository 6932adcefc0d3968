import { toCsvText } from '../../../../models/detail-file/content/cells';
import { LineWriter } from '../../../../models/detail-file/content/line-writer';

it('writes texts of any length', () => {
  const texts = ['長'.repeat(500), 'a', '長'.repeat(1_000_000), '長'.repeat(2000), 'b'];
  const line = new LineWriter();
  // Again, when the blocks have grown.
  for (let round = 0; round < 3; round += 1) {
    for (const text of texts) {
      line.writeText(toCsvText(text, 20));
      line.endCell();
    }
    line.endLine();
    const { cp932, utf8, rows } = line.take();
    expect(rows).toBe(1);
    expect(Buffer.from(utf8).toString()).toBe(`${texts.join()}\r\n`);
    expect(cp932).toHaveLength(20 + 1 + 1 + 1 + 20 + 1 + 20 + 1 + 1 + 2);
  }
});

it('begins anew with each block', () => {
  const line = new LineWriter();
  const write = (text: string) => {
    line.writeText(toCsvText(text));
    line.endCell();
    line.endLine();
    const { cp932, utf8, ...counts } = line.take();
    return { cp932: Buffer.from(cp932).toString('latin1'), utf8: Buffer.from(utf8).toString(), ...counts };
  };
  const nothing = { replaced_characters: 0, rounded_amounts: 0, rounded_difference: 0 };
  expect(write('𠮷')).toEqual({
    ...nothing,
    cp932: '\x81\xac\r\n',
    utf8: '𠮷\r\n',
    rows: 1,
    replaced_characters: 1,
  });
  expect(write('a')).toEqual({ ...nothing, cp932: 'a\r\n', utf8: 'a\r\n', rows: 1 });
});

it('is full before there could be no room for a line', () => {
  const line = new LineWriter();
  let written = 0;
  while (!line.isFull) {
    for (let cell = 0; cell < 9; cell += 1) {
      line.writeText(toCsvText('x'.repeat(100)));
      line.endCell();
    }
    line.endLine();
    written += 1;
  }
  const { cp932, utf8 } = line.take();
  expect(cp932).toHaveLength(written * (9 * 101 + 1));
  expect(Buffer.from(cp932).equals(utf8)).toBe(true);
});

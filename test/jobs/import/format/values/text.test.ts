import {
  compileCondition,
  compileMap,
  compileSource,
  compileText,
  readDigits,
} from '../../../../../jobs/import/format/values/text';

const NAMES = ['caller', 'called'];
const findColumn = (column: string | number) => {
  const place = typeof column === 'number' ? column - 1 : NAMES.indexOf(column);
  return place < 0 ? undefined : place;
};

describe('a text', () => {
  it.each([
    ['a column by its name', { column: 'called' }, '0398765432'],
    ['a column by its number', { column: 1 }, 'sip:desk@sw'],
    ['a constant', { constant: 'x' }, 'x'],
    ['the first group of a match', { column: 'caller', match: '^sip:([^@]*)' }, 'desk'],
    ['the whole match without a group', { column: 'caller', match: '[^:]*$' }, 'desk@sw'],
    ['nothing if it does not match', { column: 'called', match: '^sip:' }, ''],
    ['what it stands for', { column: 'called', map: { '0398765432': 'shop' } }, 'shop'],
  ])('is %s', (_, source, text) => {
    expect(compileSource(source, findColumn)?.([' sip:desk@sw ', '0398765432\t'])).toBe(text);
  });

  it('is none of a column that the file does not have, and empty behind the last field', () => {
    expect(compileSource({ column: 'area' }, findColumn)).toBeUndefined();
    expect(compileSource({ column: 2 }, findColumn)?.(['x'])).toBe('');
  });

  it('is the first of several that is not empty', () => {
    const read = compileText(['area', 'called', 'caller', { constant: '-' }], findColumn);
    expect([read(['a', 'b']), read(['a', ' ']), read(['', ''])]).toEqual(['b', 'a', '-']);
    expect(compileText(['area'], findColumn)(['a'])).toBe('');
  });

  it('is refused if a map does not have it', () => {
    const read = compileMap(
      ([text = '']) => text,
      'direction',
      new Map(Object.entries({ '': 0, out: 1, in: 2 })),
    );
    expect([read(['out']), read(['']), read(['in']), read(['out'])]).toEqual([1, 0, 2, 1]);
    expect(() => read(['up'])).toThrow('direction: up is none of out, in');
  });
});

it.each([
  [{ of: 'caller', matches: '^A' }, ['Answered', ''], true],
  [{ of: 'caller', matches: '^A' }, ['BUSY', ''], false],
  [{ of: 'caller', matches_not: '^A' }, ['BUSY', ''], true],
  [{ of: 'caller', matches_not: '^A' }, ['Answered', ''], false],
  [{ of: ['caller', 'called'], matches: '^A' }, ['', 'Answered'], true],
])('the condition %j of %j is %s', (condition, fields, holds) => {
  expect(compileCondition(condition, findColumn)(fields)).toBe(holds);
});

it.each([
  ['05', 5],
  ['', 0],
  ['12.50', 1250],
  ['999999999999999', 999_999_999_999_999],
])('the digits of “%s” make %d', (text, value) => {
  expect(readDigits(text)).toBe(value);
});

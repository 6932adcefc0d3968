import { JsonSplitter, readJsonRecords } from '../../../../jobs/import/source/json-records';
import { inspectSourceFile } from '../../../../jobs/import/source/source-file';
import { writeSourceFile } from '../../../support/command';

const fail = (): never => {
  throw new Error('too long');
};

/** The records of a text, cut into blocks of so many characters. */
function split(text: string, size = text.length): [number, string][] {
  const splitter = new JsonSplitter(fail);
  const records = [];
  for (let at = 0; at < text.length; at += size) records.push(...splitter.take(text.slice(at, at + size)));
  return [...records, ...splitter.takeRest()].map(({ line, text: record }) => [line, record]);
}

const cases: [string, string, [number, string][]][] = [
  ['one object', '{"a":1}', [[1, '{"a":1}']]],
  [
    'one after the other',
    '{"a":1}{"b":2}\n{"c":3}',
    [
      [1, '{"a":1}'],
      [1, '{"b":2}'],
      [2, '{"c":3}'],
    ],
  ],
  [
    'an array',
    '\ufeff[{"a":1},\n {"b":[2]}\n]\n',
    [
      [1, '{"a":1}'],
      [2, '{"b":[2]}'],
    ],
  ],
  ['objects within', '{"a":{"b":{}},\n"c":[{},\n{}]}', [[1, '{"a":{"b":{}},\n"c":[{},\n{}]}']]],
  [
    'brackets and quotes in texts',
    '{"a":"}\\"{\\\\"}{"b":1}',
    [
      [1, '{"a":"}\\"{\\\\"}'],
      [1, '{"b":1}'],
    ],
  ],
  ['a record cut short in an object', '{"a":1,"b":\n{"c":2}\n', [[1, '{"a":1,"b":\n{"c":2}\n']]],
  [
    'a record cut short before another',
    '{"a":1\n{"c":2}\n',
    [
      [1, '{"a":1\n'],
      [2, '{"c":2}'],
    ],
  ],
  [
    'a record cut short in a text',
    '{"a":"1\n{"c":2}\n',
    [
      [1, '{"a":"1'],
      [2, '{"c":2}'],
    ],
  ],
  [
    'a line that is no object',
    'oops\n{"c":2}\n',
    [
      [1, 'oops'],
      [2, '{"c":2}'],
    ],
  ],
  [
    'an end within an object',
    '{"c":2}\n{"d":',
    [
      [1, '{"c":2}'],
      [2, '{"d":'],
    ],
  ],
  ['nothing', ' \n', []],
];

describe('the splitter', () => {
  it.each(cases)('cuts %s, whatever the blocks', (_, text, records) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(split(text, size)).toEqual(records);
  });

  it('gives up a record that never ends', () => {
    const splitter = new JsonSplitter(fail);
    splitter.take(`{"a":"${'x'.repeat(3_000_000)}`);
    expect(() => splitter.take('x'.repeat(1_000_001))).toThrow('too long');
  });
});

it('reads values by their paths', async () => {
  const text = '{"v":{"id":"a%2Bb","list":[{"n":7}]},"ok":true,"none":null,"toString":1}\n{"v":1\n';
  const source = await inspectSourceFile(await writeSourceFile(text));
  const paths = ['v.id', 'v.list.0.n', 'ok', 'none', 'v', 'constructor', 'toString'];
  const readAll = async (isPercentEncoded: boolean) => {
    const records = [];
    for await (const block of readJsonRecords(source, { paths, isPercentEncoded }))
      records.push(...block.records);
    return records;
  };
  expect(await readAll(false)).toEqual([
    { line: 1, fields: ['a%2Bb', '7', 'true', '', '', '', '1'] },
    { line: 2, fields: ['{"v":1\n'], fault: 'not a JSON object' },
  ]);
  expect((await readAll(true))[0]?.fields[0]).toBe('a+b');
});

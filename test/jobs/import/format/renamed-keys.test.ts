import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { config } from '../../../../config';
import { loadCallFormat } from '../../../../jobs/import/format/load';

const OLD = {
  layouts: [
    { columns: ['id', 'kind', 'from', 'to', 'at', 'most'], fewest: 4, most: 9, where: { most: '^is$' } },
  ],
  pairs: {
    first: { of: 'kind', is: 'START' },
    last: { of: 'kind', is: 'STOP' },
    by: ['id'],
    by_either_order: ['from', { column: 'to', words: { is: 'x', ignored: 'y' } }],
  },
  ignored: [{ of: 'kind', is: 'PING' }],
  answered: [{ of: ['most', 'kind'], is_not: '^$' }],
  id: ['id'],
  id_alone: true,
  caller: { number: 'from' },
  called: { number: 'to' },
  started_at: { column: 'at', time: 'seconds' },
  ended_at: { column: 'last.at', time: 'seconds' },
};
const NEW = {
  layouts: [
    {
      columns: ['id', 'kind', 'from', 'to', 'at', 'most'],
      min_columns: 4,
      max_columns: 9,
      where: { most: '^is$' },
    },
  ],
  pairs: {
    first: { of: 'kind', matches: 'START' },
    last: { of: 'kind', matches: 'STOP' },
    by: ['id'],
    match_unordered: ['from', { column: 'to', map: { is: 'x', ignored: 'y' } }],
  },
  skip_if: [{ of: 'kind', matches: 'PING' }],
  answered_if: [{ of: ['most', 'kind'], matches_not: '^$' }],
  id: ['id'],
  id_is_unique: true,
  caller: { number: 'from' },
  called: { number: 'to' },
  started_at: { column: 'at', time: 'seconds' },
  ended_at: { column: 'last.at', time: 'seconds' },
};

let files = 0;

function writeFormat(content: object): string {
  files += 1;
  const file = path.join(config.DATA_DIR, `format-${files}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

/** Loads a format, and returns it with what was written to standard error. */
function load(file: string) {
  const warnings: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    warnings.push(String(text));
    return true;
  });
  const printed = jest.spyOn(process.stdout, 'write');
  try {
    const format = { ...loadCallFormat(file, ''), name: '' };
    expect(printed).not.toHaveBeenCalled();
    return { format, warnings };
  } finally {
    spy.mockRestore();
    printed.mockRestore();
  }
}

it('reads old keys as the new ones, and leaves words and column names alone', () => {
  expect(load(writeFormat(OLD)).format).toEqual(load(writeFormat(NEW)).format);
});

it('warns of each old key of a file once, and of no new one', () => {
  const file = writeFormat(OLD);
  expect(load(file).warnings.sort()).toEqual(
    [
      ['answered', 'answered_if'],
      ['by_either_order', 'match_unordered'],
      ['fewest', 'min_columns'],
      ['id_alone', 'id_is_unique'],
      ['ignored', 'skip_if'],
      ['is', 'matches'],
      ['is_not', 'matches_not'],
      ['most', 'max_columns'],
      ['words', 'map'],
    ]
      .map(
        ([old, name]) =>
          `${file}: “${old}” is now called “${name}”; the old name is read for this release only\n`,
      )
      .sort(),
  );
  expect(load(file).warnings).toEqual([]);
  expect(load(writeFormat(NEW)).warnings).toEqual([]);
});

it.each([
  [{ ...NEW, ignored: [] }, '“ignored” is the old name of “skip_if”: give only “skip_if”'],
  [
    { ...NEW, answered_if: [{ of: 'kind', is: 'A', matches: 'A' }] },
    '“is” is the old name of “matches”: give only “matches”',
  ],
])('refuses a key by both names', (content, fault) => {
  expect(() => loadCallFormat(writeFormat(content), '')).toThrow(fault);
});

it('finds no old key in the formats that are built in', () => {
  const folder = 'jobs/import/formats';
  for (const name of ['asterisk', 'cgrates', 'freeswitch-csv', 'freeswitch-json', 'kamailio-acc', 'meisai']) {
    expect(readFileSync(path.join(folder, `${name}.json`), 'utf8')).toContain('"id"');
    expect(load(path.join(folder, `${name}.json`)).warnings).toEqual([]);
  }
});

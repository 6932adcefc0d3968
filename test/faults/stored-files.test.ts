import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ListedFile, storedIn, type StoredSizes, strayFiles, wrongFiles } from './stored-files';

const CLAIM = '11111111-1111-4111-8111-111111111111';
const FORMATS = ['csv', 'utf8', 'csv-zip', 'utf8-zip'];

const listed = (changes: Partial<ListedFile> = {}): ListedFile => ({
  ...{ id: 1, state: 'ready', live: 1, claim: CLAIM, failure: null, removed_at: null, bytes: 40 },
  ...changes,
});
const stored = (...more: [string, number][]) =>
  new Map([...FORMATS.map((format): [string, number] => [`1-${CLAIM}.${format}`, 10]), ...more]);

it('finds nothing wrong with whole files, failed requests, and a file that was taken away', () => {
  const failed = listed({ id: 2, state: 'failed', claim: null, failure: 'disk_full', bytes: null });
  const old = listed({ id: 3, live: 0, claim: CLAIM, removed_at: 1 });
  expect(wrongFiles([listed(), failed, old], stored())).toEqual([]);
});

it.each<[string, ListedFile[], StoredSizes, string]>([
  ['a request that has no end', [listed({ state: 'making' })], new Map(), 'request 1 is making'],
  ['a failure without a word', [listed({ state: 'failed' })], new Map(), 'request 1 failed without a reason'],
  [
    'a temporary file',
    [listed()],
    stored([`1-${CLAIM}.csv.${CLAIM}.partial`, 3]),
    '.partial is left in the store',
  ],
  [
    'a file of another run',
    [listed()],
    stored(['1-22222222.csv', 10]),
    '1-22222222.csv is left in the store',
  ],
  [
    'a file that was removed',
    [listed({ live: 0, removed_at: 1 })],
    stored(),
    `1-${CLAIM}.csv is left in the store`,
  ],
  ['bytes that are missing', [listed({ bytes: 41 })], stored(), '4 files of 40 bytes are stored'],
  [
    'a format that is missing',
    [listed()],
    new Map([[`1-${CLAIM}.csv`, 40]]),
    '1 files of 40 bytes are stored',
  ],
])('finds %s', (_, files, sizes, words) => {
  expect(wrongFiles(files, sizes).join('\n')).toContain(words);
});

it('finds temporary files anywhere else', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meisai-stray-'));
  for (const below of ['detail-files', 'redis/appendonlydir'])
    mkdirSync(path.join(folder, below), { recursive: true });
  const known = [
    'meisai.sqlite3',
    'meisai.sqlite3-wal',
    'program-1.log',
    'redis/appendonlydir/appendonly.aof.1.incr.aof',
  ];
  const stray = ['meisai.sqlite3-journal', 'redis/temp-rewriteaof-7.aof'];
  for (const name of [...known, ...stray, 'detail-files/1.csv']) writeFileSync(path.join(folder, name), 'ab');
  expect(strayFiles(folder).sort()).toEqual(stray.map((name) => `${name} is left in DATA_DIR`));
  expect([...storedIn(path.join(folder, 'detail-files'))]).toEqual([['1.csv', 2]]);
  rmSync(folder, { recursive: true });
});

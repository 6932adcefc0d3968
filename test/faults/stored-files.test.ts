import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type ListedFile,
  readStoredSizes,
  type StoredSizes,
  listStrayFiles,
  listFileProblems,
} from './stored-files';

const LEASE = '11111111-1111-4111-8111-111111111111';
const FORMATS = ['csv', 'utf8', 'csv-zip', 'utf8-zip'];

const buildListedFile = (changes: Partial<ListedFile> = {}): ListedFile => ({
  ...{ id: 1, state: 'ready', live: 1, claim: LEASE, failure: null, removed_at: null, bytes: 40 },
  ...changes,
});
const buildStoredFiles = (...more: [string, number][]) =>
  new Map([...FORMATS.map((format): [string, number] => [`1-${LEASE}.${format}`, 10]), ...more]);

it('finds nothing wrong with whole files, failed requests, and a file that was taken away', () => {
  const failed = buildListedFile({ id: 2, state: 'failed', claim: null, failure: 'disk_full', bytes: null });
  const old = buildListedFile({ id: 3, live: 0, claim: LEASE, removed_at: 1 });
  expect(listFileProblems([buildListedFile(), failed, old], buildStoredFiles())).toEqual([]);
});

it.each<[string, ListedFile[], StoredSizes, string]>([
  ['a request that has no end', [buildListedFile({ state: 'making' })], new Map(), 'request 1 is making'],
  [
    'a failure without a word',
    [buildListedFile({ state: 'failed' })],
    new Map(),
    'request 1 failed without a reason',
  ],
  [
    'a temporary file',
    [buildListedFile()],
    buildStoredFiles([`1-${LEASE}.csv.${LEASE}.partial`, 3]),
    '.partial is left in the store',
  ],
  [
    'a file of another run',
    [buildListedFile()],
    buildStoredFiles(['1-22222222.csv', 10]),
    '1-22222222.csv is left in the store',
  ],
  [
    'a file that was removed',
    [buildListedFile({ live: 0, removed_at: 1 })],
    buildStoredFiles(),
    `1-${LEASE}.csv is left in the store`,
  ],
  [
    'bytes that are missing',
    [buildListedFile({ bytes: 41 })],
    buildStoredFiles(),
    '4 files of 40 bytes are stored',
  ],
  [
    'a format that is missing',
    [buildListedFile()],
    new Map([[`1-${LEASE}.csv`, 40]]),
    '1 files of 40 bytes are stored',
  ],
])('finds %s', (_, files, sizes, words) => {
  expect(listFileProblems(files, sizes).join('\n')).toContain(words);
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
  expect(listStrayFiles(folder).sort()).toEqual(stray.map((name) => `${name} is left in DATA_DIR`));
  expect([...readStoredSizes(path.join(folder, 'detail-files'))]).toEqual([['1.csv', 2]]);
  rmSync(folder, { recursive: true });
});

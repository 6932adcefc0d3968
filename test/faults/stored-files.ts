import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** A request or file as `meisai files list` tells it: what is said here of its columns. */
export interface ListedFile {
  id: number;
  state: string;
  live: boolean | number;
  claim: string | null;
  failure: string | null;
  removed_at: number | null;
  /** Sum over all formats, in bytes. */
  bytes: number | string | null;
}

/** Sizes in bytes by name. */
export type StoredSizes = Map<string, number>;

/** The files of a folder. One that goes meanwhile is none. */
export function readStoredSizes(folder: string): StoredSizes {
  const sizes: StoredSizes = new Map();
  for (const name of readdirSync(folder)) {
    const size = statSync(path.join(folder, name), { throwIfNoEntry: false })?.size;
    if (size !== undefined) sizes.set(name, size);
  }
  return sizes;
}

/**
 * Lists what is wrong with requests and stored files after recovery: unfinished requests, failures without a reason,
 * stored files that no ready row explains, and missing bytes.
 */
export function listFileProblems(listed: ListedFile[], stored: StoredSizes): string[] {
  const keys = new Map(listed.filter(isStored).map((file) => [`${file.id}-${file.claim}`, file]));
  const unexplained = [...stored.keys()].filter((name) => !keys.has(name.replace(KEY_ENDING, '')));
  return [
    ...listed
      .filter(({ state }) => !ENDS.includes(state))
      .map(({ id, state }) => `request ${id} is ${state}`),
    ...listed
      .filter(({ state, failure }) => state === 'failed' && !failure)
      .map(({ id }) => `request ${id} failed without a reason`),
    ...unexplained.map((name) => `${name} is left in the store`),
    ...[...keys].filter(([, { live }]) => live).flatMap(([key, file]) => listSizeProblems(key, file, stored)),
  ];
}

const ENDS = ['ready', 'failed'];
const KEY_ENDING = /\.(csv|utf8)(-zip)?$/;

const isStored = ({ state, removed_at }: ListedFile): boolean => state === 'ready' && removed_at === null;

function listSizeProblems(key: string, { bytes }: ListedFile, stored: StoredSizes): string[] {
  const sizes = [...stored].filter(([name]) => name.startsWith(`${key}.`)).map(([, size]) => size);
  const sum = sizes.reduce((all, size) => all + size, 0);
  return sizes.length === 4 && sum === Number(bytes)
    ? []
    : [`${key}: ${sizes.length} files of ${sum} bytes are stored, where there should be 4 of ${bytes}`];
}

/** Files that may be in DATA_DIR: the installation's own and those of the fault programs. Paths relative to it. */
const KNOWN = [
  /^meisai\.sqlite3(-wal|-shm)?$/,
  /^session-secret$/,
  /^letters\/[^/]+\.(html|pdf)$/,
  /^redis\/(lock|redis\.(sock|log)|appendonlydir\/appendonly\.aof\.(manifest|\d+\.(base\.(rdb|aof)|incr\.aof)))$/,
  /^detail-files\//,
  /^[\w-]+\.csv$/,
  /^program-\d+\.log$/,
];

/** Files anywhere else in DATA_DIR that nobody knows: temporary ones that were left. Those of the store are for wrongFiles(). */
export const listStrayFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !KNOWN.some((pattern) => pattern.test(name)))
    .map((name) => `${name} is left in DATA_DIR`);

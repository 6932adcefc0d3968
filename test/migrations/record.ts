import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { FOLDER } from './stored-database';

/** Texts by their names: an address, a file, a command. */
export type Texts = Record<string, string>;

const MAX_SHOWN = 10;

/**
 * Compares texts with those that a version has shown. With UPDATE_GOLDEN they are recorded instead: only for a change
 * that was meant, once somebody has seen the differences.
 */
export function expectAsRecorded(name: string, seen: Texts): void {
  const file = path.join(FOLDER, `${name}.json.br`);
  const recorded = existsSync(file) ? readRecord(file) : {};
  if (process.env.UPDATE_GOLDEN) writeRecord(file, seen);
  else {
    expect(Object.keys(seen).sort()).toEqual(Object.keys(recorded).sort());
    expect(listDifferences(recorded, withoutNewKeys(recorded, seen))).toEqual([]);
  }
}

/** A later version may say more as JSON, but it says what it said before. */
const withoutNewKeys = (recorded: Texts, seen: Texts): Texts =>
  Object.fromEntries(
    Object.entries(seen).map(([name, text]) => {
      const lines = text.split('\n');
      const before = recorded[name]?.split('\n') ?? [];
      const isJson = name.endsWith(' --json');
      return [name, lines.map((line, index) => (isJson ? keepKeys(line, before[index]) : line)).join('\n')];
    }),
  );

const keepKeys = (seen: string, recorded = ''): string =>
  seen && recorded ? JSON.stringify(pickKeys(JSON.parse(seen), JSON.parse(recorded))) : seen;

function pickKeys(seen: unknown, recorded: unknown): unknown {
  if (Array.isArray(seen) && Array.isArray(recorded))
    return seen.map((item, index) => pickKeys(item, recorded[index]));
  if (!isObject(seen) || !isObject(recorded)) return seen;
  const keys = Object.keys(recorded).filter((key) => key in seen);
  return Object.fromEntries(keys.map((key) => [key, pickKeys(seen[key], recorded[key])]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readRecord = (file: string): Texts =>
  JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as Texts;

/** The window is large enough for what a list and a file have in common. */
function writeRecord(file: string, texts: Texts): void {
  const sorted = Object.fromEntries(Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1)));
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24 };
  writeFileSync(file, brotliCompressSync(JSON.stringify(sorted), { params }));
}

/** The first lines that differ, of the first few texts that do. */
function listDifferences(recorded: Texts, seen: Texts): object[] {
  const names = Object.keys(recorded).filter((name) => recorded[name] !== seen[name]);
  const shown = names
    .slice(0, MAX_SHOWN)
    .map((name) => findDifference(name, recorded[name] ?? '', seen[name] ?? ''));
  return names.length > MAX_SHOWN ? [...shown, { more: names.length - MAX_SHOWN }] : shown;
}

function findDifference(name: string, recorded: string, seen: string): object {
  const [before, after] = [recorded.split('\n'), seen.split('\n')];
  const place = before.findIndex((line, index) => line !== after[index]);
  const line = place < 0 ? before.length : place;
  return { name, line: line + 1, recorded: before[line], seen: after[line] };
}

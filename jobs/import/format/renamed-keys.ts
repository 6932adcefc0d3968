import { CommandError } from '../../../lib/process/operator-error';

/** Old names of keys, which format files of the previous release have. */
const RENAMED: Readonly<Record<string, string>> = {
  ignored: 'skip_if',
  answered: 'answered_if',
  by_either_order: 'match_unordered',
  id_alone: 'id_is_unique',
  fewest: 'min_columns',
  most: 'max_columns',
  words: 'map',
  is: 'matches',
  is_not: 'matches_not',
};

/** Keys whose values have keys of the operator's own: words of records and names of columns. */
const WITH_OWN_KEYS = new Set(['map', 'where']);

const warned = new Set<string>();

/**
 * The content of a format file with its keys as they are called now. Each old key of a file is warned of once, on
 * standard error.
 *
 * @throws CommandError if a key is there by its old and its new name
 */
export function renameOldKeys(data: unknown, file: string): unknown {
  const found = new Set<string>();
  const renamed = renameIn(data, (old, name, object) => {
    if (name in object)
      throw new CommandError(
        `${file} is not a format:\n  “${old}” is the old name of “${name}”: give only “${name}”`,
      );
    found.add(old);
  });
  for (const old of found) warnOnce(file, old);
  return renamed;
}

type OnOldKey = (old: string, name: string, object: object) => void;

function renameIn(value: unknown, onOldKey: OnOldKey): unknown {
  if (Array.isArray(value)) return value.map((each) => renameIn(each, onOldKey));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const name = Object.hasOwn(RENAMED, key) ? (RENAMED[key] ?? key) : key;
    if (name !== key) onOldKey(key, name, value);
    return [name, WITH_OWN_KEYS.has(name) ? inner : renameIn(inner, onOldKey)];
  });
  return Object.fromEntries(entries);
}

function warnOnce(file: string, old: string): void {
  const key = `${file}\0${old}`;
  if (warned.has(key)) return;
  warned.add(key);
  process.stderr.write(
    `${file}: “${old}” is now called “${RENAMED[old]}”; the old name is read for this release only\n`,
  );
}

import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { projectRoot } from '../../../config';
import { CommandError } from '../../../lib/process/operator-error';
import { listUsedColumns } from './layout';
import { renameOldKeys } from './renamed-keys';
import { type CallFormat, callFormatSchema, formatAliasSchema } from './schema';

const FOLDER = path.join(projectRoot, 'jobs', 'import', 'formats');
const OWN_FORMAT = 'meisai';

export type NamedCallFormat = CallFormat & { name: string };

/** The names of the built-in formats, our own first. */
export function listBuiltInFormats(): string[] {
  const names = readdirSync(FOLDER).map((file) => path.basename(file, '.json'));
  return [OWN_FORMAT, ...names.filter((name) => name !== OWN_FORMAT).sort()];
}

/**
 * A format by its name, or by the path of its file. If a name stands for several formats, the content of the source
 * file decides.
 *
 * @throws CommandError saying everything that is wrong with the format
 */
export function loadCallFormat(nameOrPath: string, source: string): NamedCallFormat {
  const isBuiltIn = listBuiltInFormats().includes(nameOrPath);
  if (!isBuiltIn && !/[/\\.]/.test(nameOrPath))
    throw new CommandError(
      `There is no format “${nameOrPath}”. Known: ${listBuiltInFormats().join(', ')}, or the path of a format file`,
    );
  const file = isBuiltIn ? path.join(FOLDER, `${nameOrPath}.json`) : nameOrPath;
  const data = renameOldKeys(readJson(file), file);
  if (isAlias(data)) return chooseFormat(parseWith(formatAliasSchema, data, file).any_of, source);
  const format = parseWith(callFormatSchema, data, file);
  checkColumns(format, file);
  return { ...format, name: isBuiltIn ? nameOrPath : path.basename(file, '.json') };
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CommandError(`${file}: there is no such format file`);
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

const isAlias = (data: unknown): boolean => typeof data === 'object' && data !== null && 'any_of' in data;

function parseWith<T>(schema: z.ZodType<T>, data: unknown, file: string): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap(listFaults);
  throw new CommandError(
    `${file} is not a format:\n${[...new Set(faults)].map((line) => `  ${line}`).join('\n')}`,
  );
}

/** The faults of an issue. Among alternatives, the one that fails deepest is the one that was meant. */
function listFaults(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.map(String).join('.');
  const prefix = at === '' ? '' : `${at}: `;
  if (issue.code !== 'invalid_union') return [`${prefix}${issue.message}`];
  const branches = issue.errors.map((issues) =>
    issues.flatMap((inner) => listFaults({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  const getDepth = (lines: string[]) =>
    Math.max(...lines.map((line) => line.split(': ')[0]?.split('.').length ?? 0));
  return branches.sort((a, b) => getDepth(b) - getDepth(a))[0] ?? [`${prefix}${issue.message}`];
}

function checkColumns({ kind, layouts, other_columns, header, ...format }: CallFormat, file: string): void {
  const known = [...layouts.flatMap(({ columns }) => columns), ...other_columns];
  if (kind === 'json' || known.length === 0) {
    const named = listUsedColumns({ kind, layouts, other_columns, header, ...format });
    if (kind === 'csv' && header === 'none' && named.length > 0)
      throw new CommandError(
        `${file}: without header and layouts columns are numbers, not “${named.join('”, “')}”`,
      );
    return;
  }
  const used = listUsedColumns({ kind, layouts, other_columns, header, ...format });
  const unknown = used.filter((name) => !known.includes(format.pairs ? name.replace(/^last\./, '') : name));
  if (unknown.length > 0)
    throw new CommandError(
      `${file}: no layout has a column “${unknown.join('”, “')}”. There are ${known.join(', ')}`,
    );
}

function chooseFormat(names: string[], source: string): NamedCallFormat {
  const formats = names.map((name) => loadCallFormat(name, source));
  const kind = /^\ufeff?\s*[{[]/.test(readStart(source)) ? 'json' : 'csv';
  const format = formats.find((one) => one.kind === kind);
  if (!format) throw new CommandError(`${source}: the file is ${kind}, none of ${names.join(', ')} is`);
  return format;
}

function readStart(file: string): string {
  try {
    const descriptor = openSync(file, 'r');
    const start = Buffer.alloc(1024);
    const length = readSync(descriptor, start);
    closeSync(descriptor);
    return start.toString('utf8', 0, length);
  } catch {
    // The importer opens the file next and says what is wrong with it.
    return '';
  }
}

import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

const PARTIAL = /\.[0-9a-f-]{36}\.partial$/;

/** A temporary name for a file that is being written; each writer has its own. */
export const createPartialName = (name: string): string => `${name}.${randomUUID()}.partial`;

/** The file that a temporary name stands for; other names are returned as they are. */
export const stripPartialSuffix = (name: string): string => name.replace(PARTIAL, '');

/** Removes the leftovers of other writers of a file, killed or late ones. */
export async function removePartials(file: string): Promise<void> {
  const folder = path.dirname(file);
  const partials = (await readdir(folder)).filter(
    (name) => PARTIAL.test(name) && stripPartialSuffix(name) === path.basename(file),
  );
  for (const name of partials) await rm(path.join(folder, name), { force: true });
}

import { hash } from 'node:crypto';
import { db, type Queryable } from '../../lib/database/db';
import { encodeCp932 } from '../../lib/values/cp932';
import { withSnapshot } from '../../models/detail-file/build';
import { buildCallsContent } from '../../models/detail-file/content/calls';
import { buildFeesContent } from '../../models/detail-file/content/fees';
import { DETAIL_FILE_KINDS, findDetailFile, listDetailFileParts } from '../../models/detail-file/detail-file';
import { buildRequestedFile } from '../support/detail-files';
import type { Texts } from './record';

const BUILDERS = { calls: buildCallsContent, fees: buildFeesContent };

/** The lines of both detail files of all contracts and months; of those that had been built before the whole files, too. */
export async function collectFiles(months: number[]): Promise<Texts> {
  const contracts = await db('contracts').select<{ id: number; code: string }[]>('id', 'code');
  const keys = contracts.flatMap(({ id, code }) =>
    months.flatMap((month) =>
      DETAIL_FILE_KINDS.map((kind) => ({
        name: `${code} ${month} ${kind}`,
        file: [id, month, kind] as const,
      })),
    ),
  );
  const files: Texts = {};
  for (const { name, file } of keys)
    Object.assign(files, await withSnapshot((snapshot) => buildLines(snapshot, name, file)));
  const ready = [];
  for (const { name, file } of keys) {
    const { status, file: found } = await findDetailFile(...file);
    if (!found) continue;
    files[`${name} before`] = `${status} ${found.rows}\n${await describeParts(found)}`;
    ready.push({ name, file });
  }
  // They would be taken for those that are asked for, but their bytes are not in the store.
  await db('detail_files').delete();
  for (const { name, file } of ready)
    files[`${name} after`] = await describeParts(await buildRequestedFile(...file));
  return files;
}

type FileKey = readonly [contractId: number, month: number, kind: (typeof DETAIL_FILE_KINDS)[number]];

/** The lines in UTF-8, and a digest of them in CP932. */
async function buildLines(
  snapshot: Queryable,
  name: string,
  [contractId, month, kind]: FileKey,
): Promise<Texts> {
  const { header, lines } = await BUILDERS[kind](snapshot, contractId, month);
  const [csv, utf8] = [[Buffer.from(encodeCp932(header))], [Buffer.from(header)]];
  for await (const block of lines) {
    // The bytes of a block are valid until the next but one are taken.
    csv.push(Buffer.from(block.cp932));
    utf8.push(Buffer.from(block.utf8));
  }
  const bytes = Buffer.concat(csv);
  return {
    [`${name}.csv`]: `${bytes.length} ${hash('sha256', bytes)}`,
    [`${name}.utf8.csv`]: Buffer.concat(utf8).toString(),
  };
}

/** A ZIP has its time in it. */
async function describeParts(file: { id: number }): Promise<string> {
  const parts = await listDetailFileParts(file);
  return parts
    .filter(({ format }) => !format.endsWith('-zip'))
    .map(({ format, bytes, sha256 }) => `${format} ${bytes} ${sha256}`)
    .sort()
    .join('\n');
}

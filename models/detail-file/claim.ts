import { randomUUID } from 'node:crypto';
import { db } from '../../lib/database/db';
import type { StoredFile } from '../../lib/files/store';
import { now } from '../../lib/values/clock';
import type { Tally } from './content/line-writer';
import {
  DETAIL_FILE_FORMATS,
  type DetailFile,
  type DetailFileFailure,
  type DetailFileFormat,
  type DetailFilePart,
  fromDetailFileRow,
  selectDetailFiles,
  selectUnfinishedFiles,
  toDetailFileRow,
} from './detail-file';

/** The result of writing: a count of it, the version of the month's calls that it shows, and the parts in the store. */
export interface WrittenDetailFile {
  totals: Tally & { data_version: number };
  parts: DetailFilePart[];
}

/** A file that this run, and no other, may finish. */
export interface LeasedDetailFile extends DetailFile {
  lease: string;
  /** The lease of an earlier run that did not finish, if there was one. */
  previous_lease?: string;
}

/** Leases an unfinished file to one run; an earlier run loses it. Undefined if the file is finished. */
export async function leaseDetailFile(id: number): Promise<LeasedDetailFile | undefined> {
  const lease = randomUUID();
  const before = await selectUnfinishedFiles({ id }).first('claim');
  const [row] = await selectUnfinishedFiles({ id })
    .update(toDetailFileRow({ state: 'building', lease, started_at: now() }))
    .returning('*');
  if (!row) return undefined;
  const file = { ...fromDetailFileRow(row), lease };
  return before?.claim ? { ...file, previous_lease: before.claim } : file;
}

/** Makes the file ready with its parts. False if another run has the lease by now; then nothing has changed. */
export async function finishDetailFile(
  { id, lease }: LeasedDetailFile,
  { totals, parts }: WrittenDetailFile,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const finished = await selectDetailFiles({ id, lease, current: true, state: 'building' }, trx).update(
      toDetailFileRow({ ...totals, state: 'ready', finished_at: now(), failure: null }),
    );
    if (finished === 1)
      await trx('detail_file_parts').insert(parts.map((part) => ({ ...part, detail_file_id: id })));
    return finished === 1;
  });
}

/** Gives a file back, for another run to build. False if another run has the lease already. */
export async function releaseDetailFile({ id, lease }: LeasedDetailFile): Promise<boolean> {
  const released = await selectUnfinishedFiles({ id, lease }).update(
    toDetailFileRow({ state: 'queued', lease: null }),
  );
  return released === 1;
}

/** Ends an unfinished file in failure. */
export async function failDetailFile(id: number, failure: DetailFileFailure): Promise<void> {
  await selectUnfinishedFiles({ id }).update(
    toDetailFileRow({ state: 'failed', lease: null, failure, finished_at: now() }),
  );
}

/** Adds a part to a ready file. False if the file is history by now. Adding it twice is adding it once. */
export async function addDetailFilePart({ id }: DetailFile, part: DetailFilePart): Promise<boolean> {
  return db.transaction(async (trx) => {
    // The row is written, not only read, so that the file cannot become history meanwhile.
    const current = await selectDetailFiles({ id, current: true, state: 'ready' }, trx).update(
      toDetailFileRow({ current: true }),
    );
    if (current !== 1) return false;
    await trx('detail_file_parts')
      .insert({ ...part, detail_file_id: id })
      .onConflict(['detail_file_id', 'format'])
      .ignore();
    return true;
  });
}

/** Files that a customer waits for, by id, the oldest first. */
export const listWaitingDetailFiles = (): Promise<number[]> =>
  selectUnfinishedFiles().orderBy('id').pluck('id');

const PARTS_OF_FILE = 'SELECT count(*) FROM detail_file_parts WHERE detail_file_id = detail_files.id';

/** Files that a worker still has work with, not built yet or ready without their ZIPs, by id, the oldest first. */
export const listUnfinishedDetailFiles = (): Promise<number[]> =>
  selectDetailFiles({ current: true })
    .where((either) =>
      either
        .whereIn('state', ['queued', 'making'])
        .orWhereRaw(`state = 'ready' AND ? > (${PARTS_OF_FILE})`, [DETAIL_FILE_FORMATS.length]),
    )
    .orderBy('id')
    .pluck('id');

/** The key of a part in the store. Each run of a file has keys of its own until the file is ready. */
export const buildStoreKey = (id: number, lease: string | null, format: DetailFileFormat): string =>
  `${id}-${lease}.${format}`;

const STORE_KEY = /^\d+-[\w-]+\.(csv|utf8)(-zip)?$/;

/** Tells whether a key is one of `buildStoreKey`: a bucket may hold other people's files too. */
export const isStoreKey = (key: string): boolean => STORE_KEY.test(key);

export const toDetailFilePart = (
  format: DetailFileFormat,
  { key, ...stored }: StoredFile,
): DetailFilePart => ({ format, store_key: key, ...stored });

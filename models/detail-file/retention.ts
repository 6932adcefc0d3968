import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import { type DetailFile, expiryCutoff } from './detail-file';
import { fileStore } from '../../lib/files/file-store';

interface StoredPart {
  store_key: string;
}

const ORPHAN_AGE_MS = 3_600_000;

/** What `writeDetailFile` and `zipDetailFilePart` call their files. A bucket may hold other people's too. */
const STORE_KEY = /^\d+-[\w-]+\.(csv|utf8)(-zip)?$/;

/** Makes files past their time history, and removes the bytes of all that are. Returns how many were removed. */
export async function deleteExpiredDetailFiles(): Promise<number> {
  await db('detail_files')
    .where({ live: true })
    .whereIn('state', ['ready', 'failed'])
    .where('finished_at', '<=', expiryCutoff())
    .update({ live: false });
  const history = await db<DetailFile>('detail_files')
    .where({ live: false, state: 'ready' })
    .whereNull('removed_at')
    .select('id');
  for (const { id } of history) await removeBytes(id);
  return history.length;
}

async function removeBytes(id: number): Promise<void> {
  const parts = await db('detail_file_parts').where('detail_file_id', id).select<StoredPart[]>('store_key');
  for (const { store_key: key } of parts) await fileStore.remove(key);
  await db('detail_files').where('id', id).update({ removed_at: now() });
}

/** Removes what dead runs have left in the store: nobody has written it for an hour, and no file is kept there. */
export async function removeOrphanedFiles(): Promise<number> {
  // The real clock, as the store's.
  const oldest = Date.now() - ORPHAN_AGE_MS;
  const old = (await fileStore.list()).filter(
    ({ key, writtenAt }) => writtenAt < oldest && STORE_KEY.test(key),
  );
  if (old.length === 0) return 0;
  const kept = db('detail_files').whereNull('removed_at').select('id');
  const parts = await db('detail_file_parts')
    .whereIn('detail_file_id', kept)
    .select<StoredPart[]>('store_key');
  const known = new Set(parts.map(({ store_key }) => store_key));
  const building = await db<DetailFile>('detail_files')
    .where({ live: true, state: 'making' })
    .select('claim');
  const leases = building.flatMap(({ claim }) => claim ?? []);
  const orphans = old.filter(({ key }) => !known.has(key) && !leases.some((claim) => key.includes(claim)));
  for (const { key } of orphans) await fileStore.remove(key);
  return orphans.length;
}

/** A file or request with its contract, and the bytes of all its formats; null where there are none. */
export type ListedDetailFile = DetailFile & { contract_code: string; bytes: number | null };

/** All files and requests, the newest first, for the operator. */
export const listDetailFiles = (limit = 100): Promise<ListedDetailFile[]> =>
  db('detail_files as f')
    .join('contracts as c', 'c.id', 'f.contract_id')
    .orderBy('f.id', 'desc')
    .limit(limit)
    .select(
      'f.*',
      'c.code as contract_code',
      db('detail_file_parts').whereRaw('detail_file_id = f.id').sum('bytes').as('bytes'),
    );

/** How many files wait and are made, and since when the oldest of them waits (milliseconds; null where none does). */
export async function getQueueStatus(): Promise<{ queued: number; making: number; oldest: number | null }> {
  const rows: { state: string; count: number; oldest: number }[] = await db('detail_files')
    .where('live', true)
    .whereIn('state', ['queued', 'making'])
    .groupBy('state')
    .select('state', db.raw('count(*) AS count'), db.raw('min(requested_at) AS oldest'));
  const countInState = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
  const oldest = rows.length > 0 ? Math.min(...rows.map((row) => row.oldest)) : null;
  return { queued: countInState('queued'), making: countInState('making'), oldest };
}

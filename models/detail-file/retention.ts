import { db } from '../../lib/database/db';
import { fileStore } from '../../lib/files/file-store';
import { now } from '../../lib/values/clock';
import { isStoreKey } from './claim';
import { expiryCutoff, listDetailFileParts, selectDetailFiles, toDetailFileRow } from './detail-file';

const ORPHAN_AGE_MS = 3_600_000;

/** Moves expired files to history, and deletes the bytes of all files there. Returns how many lost their bytes. */
export async function deleteExpiredDetailFiles(): Promise<number> {
  await selectDetailFiles({ current: true })
    .whereIn('state', ['ready', 'failed'])
    .where('finished_at', '<=', expiryCutoff())
    .update(toDetailFileRow({ current: false }));
  const history = await selectDetailFiles({ current: false, state: 'ready', removed_at: null }).pluck('id');
  for (const id of history) await deleteBytes(id);
  return history.length;
}

async function deleteBytes(id: number): Promise<void> {
  for (const { store_key } of await listDetailFileParts({ id })) await fileStore.remove(store_key);
  await selectDetailFiles({ id }).update({ removed_at: now() });
}

/**
 * Deletes leftovers of crashed runs from the store: files that nobody has written for an hour and that belong to no
 * file and no run. Returns how many.
 */
export async function removeOrphanedFiles(): Promise<number> {
  // The store goes by the real clock, not by the portal's.
  const oldest = Date.now() - ORPHAN_AGE_MS;
  const old = (await fileStore.list()).filter(({ key, writtenAt }) => writtenAt < oldest && isStoreKey(key));
  if (old.length === 0) return 0;
  const known = new Set(await listKnownKeys());
  const leases = await listActiveLeases();
  const orphans = old.filter(({ key }) => !known.has(key) && !leases.some((lease) => key.includes(lease)));
  for (const { key } of orphans) await fileStore.remove(key);
  return orphans.length;
}

const listKnownKeys = (): Promise<string[]> =>
  db('detail_file_parts')
    .whereIn('detail_file_id', selectDetailFiles({ removed_at: null }).select('id'))
    .pluck('store_key');

async function listActiveLeases(): Promise<string[]> {
  const leases = await selectDetailFiles({ current: true, state: 'building' }).pluck('claim');
  return leases.filter((lease) => lease !== null);
}

import { db } from '../../lib/database/db';
import { type DetailFileRow, selectUnfinishedFiles } from './detail-file';

/**
 * A file or request with its contract, and the bytes of all its formats (null if there are none). It keeps the names of
 * the columns: operators' scripts read them in `files list --json`.
 */
export type ListedDetailFile = DetailFileRow & { contract_code: string; bytes: number | null };

/** Lists files and requests for the operator, the newest first. */
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

/** Counts the files that wait and are being made. `oldest` is when the first was requested (ms; null if there is none). */
export async function getQueueStatus(): Promise<{ queued: number; making: number; oldest: number | null }> {
  const rows: { state: string; count: number; oldest: number }[] = await selectUnfinishedFiles()
    .groupBy('state')
    .select('state', db.raw('count(*) AS count'), db.raw('min(requested_at) AS oldest'));
  const countInState = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
  const oldest = rows.length > 0 ? Math.min(...rows.map((row) => row.oldest)) : null;
  return { queued: countInState('queued'), making: countInState('making'), oldest };
}

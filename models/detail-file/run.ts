import { randomUUID } from 'node:crypto';
import { now } from '../../lib/values/clock';
import { db } from '../../lib/database/db';
import {
  DETAIL_FILE_FORMATS,
  type DetailFile,
  type DetailFileFailure,
  type DetailFilePart,
} from './detail-file';

/** What a run knows of the file when it has written it. */
export interface DetailFileTotals {
  rows: number;
  data_version: number;
  replaced_characters: number;
  rounded_amounts: number;
  /** 1/100 yen: the sum of the lines less the true sum. */
  rounded_difference: number;
}

/** A file that this run, and no other, may finish. */
export interface LeasedDetailFile extends DetailFile {
  claim: string;
  /** Of the run that had it before and did not come to its end, where there was one. */
  previous_lease?: string;
}

const selectUnfinished = () =>
  db<DetailFile>('detail_files').where('live', true).whereIn('state', ['queued', 'making']);

/** Takes an unfinished file for one run; a run that had it before has lost it. Undefined where it is finished. */
export async function leaseDetailFile(id: number): Promise<LeasedDetailFile | undefined> {
  const lease = randomUUID();
  const before = await selectUnfinished().where('id', id).first('claim');
  const [file] = await selectUnfinished()
    .where('id', id)
    .update({ state: 'making', claim: lease, started_at: now() })
    .returning('*');
  return file && { ...file, claim: lease, ...(before?.claim && { previous_lease: before.claim }) };
}

/** Makes the file ready with its parts. False where another run has it by now: then nothing has changed. */
export async function finishDetailFile(
  { id, claim }: LeasedDetailFile,
  totals: DetailFileTotals,
  parts: DetailFilePart[],
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const mine = await trx('detail_files')
      .where({ id, claim, live: true, state: 'making' })
      .update({ ...totals, state: 'ready', finished_at: now(), failure: null });
    if (mine === 1)
      await trx('detail_file_parts').insert(parts.map((part) => ({ ...part, detail_file_id: id })));
    return mine === 1;
  });
}

/** Adds a part to a ready file. False where the file is history by now. Adding it twice is adding it once. */
export async function addDetailFilePart(file: DetailFile, part: DetailFilePart): Promise<boolean> {
  return db.transaction(async (trx) => {
    // Written, not only read, so that the file cannot become history meanwhile.
    const live = await trx('detail_files')
      .where({ id: file.id, live: true, state: 'ready' })
      .update({ live: true });
    if (live !== 1) return false;
    await trx('detail_file_parts')
      .insert({ ...part, detail_file_id: file.id })
      .onConflict(['detail_file_id', 'format'])
      .ignore();
    return true;
  });
}

/** Gives a file back, for another run to make. False where another has it already. */
export async function releaseDetailFile({ id, claim }: LeasedDetailFile): Promise<boolean> {
  return (await selectUnfinished().where({ id, claim }).update({ state: 'queued', claim: null })) === 1;
}

/** Ends an unfinished file in failure. */
export async function failDetailFile(id: number, failure: DetailFileFailure): Promise<void> {
  await selectUnfinished()
    .where('id', id)
    .update({ state: 'failed', claim: null, failure, finished_at: now() });
}

/** Files that are not made yet, which a customer waits for. The oldest first. */
export const listWaitingDetailFiles = (): Promise<number[]> => selectUnfinished().orderBy('id').pluck('id');

/** Files that a worker still has to do with: not made yet, or ready without their ZIPs. The oldest first. */
export async function listUnfinishedDetailFiles(): Promise<number[]> {
  const rows = await db('detail_files')
    .where('live', true)
    .where((either) =>
      either
        .whereIn('state', ['queued', 'making'])
        .orWhereRaw(`state = 'ready' AND ? > (${PARTS_OF_FILE})`, [DETAIL_FILE_FORMATS.length]),
    )
    .orderBy('id')
    .select<{ id: number }[]>('id');
  return rows.map(({ id }) => id);
}

const PARTS_OF_FILE = 'SELECT count(*) FROM detail_file_parts WHERE detail_file_id = detail_files.id';

/** A live file by its id, for a worker. */
export const findCurrentDetailFile = (id: number): Promise<DetailFile | undefined> =>
  db<DetailFile>('detail_files').where({ id, live: true }).first();

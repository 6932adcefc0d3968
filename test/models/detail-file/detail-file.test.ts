import { readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { config } from '../../../config';
import { buildDetailFile, writeDetailFile } from '../../../models/detail-file/build';
import { moveClock } from '../../../lib/values/clock';
import { db } from '../../../lib/database/db';
import {
  findDetailFile,
  listDetailFileParts,
  countRequestsAhead,
  insertDetailFile,
} from '../../../models/detail-file/detail-file';
import { deleteExpiredDetailFiles, removeOrphanedFiles } from '../../../models/detail-file/retention';
import { getQueueStatus } from '../../../models/detail-file/admin-list';
import {
  leaseDetailFile,
  failDetailFile,
  finishDetailFile,
  releaseDetailFile,
  listUnfinishedDetailFiles,
} from '../../../models/detail-file/claim';
import { fileStore } from '../../../lib/files/file-store';
import { storeCalls } from '../../support/calls';
import { createSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { readPart, buildRequestedFile } from '../../support/detail-files';

const MONTH = 201711;
const HOUR = 3_600_000;
const neverAborted = new AbortController().signal;
let contract: number;
let numbers = 0;

beforeAll(openTestPortal);
beforeEach(async () => {
  numbers += 1;
  const number = `0501234${String(numbers).padStart(4, '0')}`;
  contract = (await createSelfPageUser([number])).contractId;
  await storeCalls(contract, [{ from: number, at: '2017-11-10T12:00:00+09:00' }]);
});
afterEach(() => db('detail_files').delete());
afterAll(closeTestPortal);

const getStatus = async () => (await findDetailFile(contract, MONTH, 'calls')).status;
const request = () => insertDetailFile(contract, MONTH, 'calls');
const addCall = () =>
  storeCalls(contract, [
    { from: `0501234${String(numbers).padStart(4, '0')}`, at: '2017-11-11T12:00:00+09:00' },
  ]);
const listStoredKeys = async () => (await fileStore.list()).map(({ key }) => key);

describe('insertDetailFile', () => {
  it('makes one row of many requests at once', async () => {
    const files = await Promise.all(Array.from({ length: 8 }, request));
    expect(new Set(files.map(({ id }) => id)).size).toBe(1);
    expect(await db('detail_files').where('contract_id', contract)).toHaveLength(1);
  });

  it('leaves a ready file alone', async () => {
    const file = await buildRequestedFile(contract, MONTH, 'calls');
    expect((await request()).id).toBe(file.id);
  });

  it('starts anew after a failure, after changed calls, and after the time of keeping', async () => {
    const { id: failed } = await request();
    await failDetailFile(failed, 'disk_full');
    expect(await getStatus()).toBe('failed');
    const stale = await buildRequestedFile(contract, MONTH, 'calls');
    await addCall();
    expect(await getStatus()).toBe('stale');
    const expired = await buildRequestedFile(contract, MONTH, 'calls');
    expect(expired.rows).toBe(2);
    moveClock(48 * HOUR);
    expect(await getStatus()).toBe('expired');
    const { id } = await request();
    expect(await getStatus()).toBe('queued');
    expect(new Set([failed, stale.id, expired.id, id]).size).toBe(4);
  });
});

describe('statuses', () => {
  it('follow the file from none to ready', async () => {
    expect(await getStatus()).toBe('none');
    const { id } = await request();
    expect(await getStatus()).toBe('queued');
    await leaseDetailFile(id);
    expect(await getStatus()).toBe('making');
    await buildDetailFile(id, () => undefined, neverAborted);
    expect(await getStatus()).toBe('ready');
  });

  it('are of one contract alone', async () => {
    await buildRequestedFile(contract, MONTH, 'calls');
    const { contractId } = await createSelfPageUser();
    expect((await findDetailFile(contractId, MONTH, 'calls')).status).toBe('none');
  });

  it('count the requests ahead', async () => {
    const first = await request();
    const second = await insertDetailFile(contract, MONTH, 'fees');
    expect([await countRequestsAhead(first), await countRequestsAhead(second)]).toEqual([0, 1]);
    expect(await getQueueStatus()).toMatchObject({ queued: 2, making: 0, oldest: first.requested_at });
  });
});

describe('a run that has lost its lease', () => {
  it('cannot finish or release the file, and leaves nothing in the store', async () => {
    const { id } = await request();
    const lost = await leaseDetailFile(id);
    if (!lost) throw new Error('not leased');
    const written = await writeDetailFile(lost, () => undefined, neverAborted);
    await buildDetailFile(id, () => undefined, neverAborted);

    expect(await finishDetailFile(lost, written)).toBe(false);
    await releaseDetailFile(lost);
    expect(await getStatus()).toBe('ready');
    expect(await listUnfinishedDetailFiles()).toEqual([]);
  });

  it('is told so while it writes', async () => {
    const { id } = await request();
    let others: Promise<void> | undefined;
    const takeOver = () => (others ??= buildDetailFile(id, () => undefined, neverAborted));
    await buildDetailFile(id, takeOver, neverAborted);
    await others;
    const keys = (await listStoredKeys()).filter((key) => key.startsWith(`${id}-`));
    expect(keys).toHaveLength(4);
    expect(new Set(keys.map((key) => key.split('.')[0])).size).toBe(1);
    expect(await getStatus()).toBe('ready');
  });
});

describe('a file that cannot be made', () => {
  it('leaves nothing in the store, and goes back to the queue', async () => {
    await storeCalls(contract, [
      {
        from: `0501234${String(numbers).padStart(4, '0')}`,
        at: '2017-11-12T12:00:00+09:00',
        charge: 100_000_000,
      },
    ]);
    const { id } = await request();
    await expect(buildDetailFile(id, () => undefined, neverAborted)).rejects.toThrow('does not fit');
    expect(await getStatus()).toBe('queued');
    expect((await listStoredKeys()).filter((key) => key.startsWith(`${id}-`))).toEqual([]);
  });

  it('does not come out of sums that disagree with the calls', async () => {
    await db('number_sums').where('contract_id', contract).update({ calls: 5 });
    const { id } = await request();
    await expect(buildDetailFile(id, () => undefined, neverAborted)).rejects.toThrow(
      'by the sums there are 5',
    );
  });
});

describe('deleteExpiredDetailFiles', () => {
  it('removes the bytes after 48 hours and keeps the row as history', async () => {
    const file = await buildRequestedFile(contract, MONTH, 'calls');
    moveClock(48 * HOUR - 60_000);
    await deleteExpiredDetailFiles();
    expect((await readPart(file, 'csv')).length).toBeGreaterThan(100);
    moveClock(60_000);
    await deleteExpiredDetailFiles();
    await expect(readPart(file, 'csv')).rejects.toThrow('not in the store');
    expect((await listStoredKeys()).filter((key) => key.startsWith(`${file.id}-`))).toEqual([]);
    const row = await db('detail_files')
      .where('id', file.id)
      .first<{ live: boolean | number; removed_at: number }>();
    expect({ live: Boolean(row.live), removed: row.removed_at > 0 }).toEqual({ live: false, removed: true });
    expect(await getStatus()).toBe('expired');
  });

  it('removes what a dead run has left of a file whose bytes are gone', async () => {
    const file = await buildRequestedFile(contract, MONTH, 'calls');
    const [part] = await listDetailFileParts(file);
    const key = part?.store_key ?? '';
    moveClock(48 * HOUR);
    await deleteExpiredDetailFiles();
    await (await fileStore.create(key)).finish();
    ageStoredFiles();
    await removeOrphanedFiles();
    expect(await listStoredKeys()).not.toContain(key);
  });

  it('removes what dead runs have left, but not of a run that lives', async () => {
    const { id } = await request();
    const alive = await leaseDetailFile(id);
    for (const lease of [alive?.lease ?? '', 'a-dead-run'])
      await (await fileStore.create(`${id}-${lease}.csv`)).finish();
    await removeOrphanedFiles();
    expect((await listStoredKeys()).filter((key) => key.startsWith(`${id}-`))).toHaveLength(2);
    ageStoredFiles();
    await removeOrphanedFiles();
    expect((await listStoredKeys()).filter((key) => key.startsWith(`${id}-`))).toEqual([
      `${id}-${alive?.lease}.csv`,
    ]);
  });
});

/** Makes everything in the store look two hours old. */
function ageStoredFiles(): void {
  const folder = path.join(config.DATA_DIR, 'detail-files');
  const past = Date.now() / 1000 - 7200;
  for (const name of readdirSync(folder)) utimesSync(path.join(folder, name), past, past);
}

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DiskStore } from '../../../lib/files/disk-store';

const folder = mkdtempSync(path.join(tmpdir(), 'meisai-disk-store-'));
const store = new DiskStore(folder);
afterAll(() => rmSync(folder, { recursive: true }));

it('leaves the whole file alone when a writer that was killed has begun it before', async () => {
  const killed = await store.create('1-a.csv-zip');
  await killed.write(Buffer.from('half'));
  const other = await store.create('1-a.csv');
  const writer = await store.create('1-a.csv-zip');
  await writer.write(Buffer.from('whole'));
  await writer.finish();

  const names = readdirSync(folder).sort();
  expect(names).toHaveLength(2);
  expect(names[0]).toBe('1-a.csv-zip');
  expect(names[1]).toMatch(/^1-a\.csv\..+\.partial$/);
  await killed.discard();
  await other.discard();
  expect(readdirSync(folder)).toEqual(['1-a.csv-zip']);
});

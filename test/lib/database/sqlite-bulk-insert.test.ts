import { setImmediate } from 'node:timers/promises';
import { db, isPostgres, type Queryable } from '../../../lib/database/db';
import { openBulkInsert } from '../../../lib/database/bulk-insert';
import type { BulkColumn } from '../../../lib/database/bulk-rows';
import { PackedRows } from '../../../lib/database/sqlite-bulk-insert';

const columns: BulkColumn[] = [
  { name: 'number', kind: 'integer', width: 10 },
  { name: 'large', kind: 'bigint', width: 16 },
  { name: 'words', kind: 'text', width: 20 },
  { name: 'digest', kind: 'bytes', width: 3 },
];

afterAll(() => db.destroy());

/** A temporary table of these columns. */
const makeTable = (trx: Queryable, table: string) => {
  const getType = ({ kind }: BulkColumn) => (kind === 'bytes' ? (isPostgres ? 'bytea' : 'blob') : kind);
  return trx.raw(
    `CREATE TEMP TABLE ${table} (${columns.map((each) => `${each.name} ${getType(each)}`).join(', ')})`,
  );
};

it('brings many rows into a temporary table as they are', async () => {
  const values = [0, 7, 1_000_000_000, 2_147_483_647, -5, -999_999_999];
  const rows = Array.from({ length: 12_345 }, (_, index) => [
    values[index % values.length] ?? 0,
    (values[index % values.length] ?? 0) * 100_000 + (index % 10),
    index % 3 === 0 ? '' : `0312345678`.slice(0, index % 11),
    String.fromCharCode(index % 256, 0, 92),
  ]);
  const found = await db.transaction(async (trx) => {
    await makeTable(trx, 'packed');
    const bulkInsert = await openBulkInsert(trx, 'packed', columns);
    for (let start = 0; start < rows.length; start += 700)
      await bulkInsert.addAll(rows.slice(start, start + 700));
    await bulkInsert.end();
    return trx('packed').select<Record<string, unknown>[]>('number', 'large', 'words', 'digest');
  });
  const toText = (value: unknown) => (Buffer.isBuffer(value) ? value.toString('latin1') : value);
  const toSortedText = (all: unknown[][]) => all.map((row) => row.map(toText).join('|')).sort();
  expect(toSortedText(found.map((row) => Object.values(row)))).toEqual(toSortedText(rows));
});

it('brings nothing where there is nothing', async () => {
  const count = await db.transaction(async (trx) => {
    await makeTable(trx, 'no_rows');
    await (await openBulkInsert(trx, 'no_rows', columns)).end();
    return trx('no_rows').count({ rows: '*' }).first();
  });
  expect(count).toEqual({ rows: 0 });
});

it('tells at the end what has failed', async () => {
  const adding = db.transaction(async (trx) => {
    await makeTable(trx, 'unlike');
    await trx.raw('CREATE UNIQUE INDEX unlike_numbers ON unlike (number)');
    const bulkInsert = await openBulkInsert(trx, 'unlike', columns);
    await bulkInsert.addAll([1, 2, 1].map((number) => [number, 0, '', 'abc']));
    await bulkInsert.end();
  });
  await expect(adding).rejects.toThrow(/unique/i);
});

it('tells whoever adds, where it fails long before the end', async () => {
  const adding = db.transaction(async (trx) => {
    await makeTable(trx, 'same');
    await trx.raw('CREATE UNIQUE INDEX same_numbers ON same (number)');
    const bulkInsert = await openBulkInsert(trx, 'same', columns);
    try {
      for (let block = 0; block < 1000; block += 1) {
        await bulkInsert.addAll(Array.from({ length: 1000 }, (_, row) => [1, row, '', 'abc']));
        // Reading a file waits between blocks, too.
        await setImmediate();
      }
    } finally {
      await bulkInsert.end().catch(() => undefined);
    }
  });
  await expect(adding).rejects.toThrow(/unique/i);
});

it.each([
  [[12_345_678_901, 0, '', 'abc']],
  [[-1_000_000_000, 0, '', 'abc']],
  [[0, 1e16, '', 'abc']],
  [[0, 0, '012345678901234567890', 'abc']],
  [[0, 0, '', 'ab']],
])('refuses %j, which does not fit', (row) => {
  expect(() => new PackedRows(columns, 1).add(row)).toThrow('does not fit');
});

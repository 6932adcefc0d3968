import { db } from '../../../models/db';
import { type PackedColumn, PackedRows } from '../../../models/database/packed-rows';
import { openRowSink } from '../../../models/database/row-sink';

const columns: PackedColumn[] = [
  { name: 'number', kind: 'integer', width: 10 },
  { name: 'large', kind: 'bigint', width: 16 },
  { name: 'words', kind: 'text', width: 20 },
];

afterAll(() => db.destroy());

it('brings many rows into a temporary table as they are', async () => {
  const values = [0, 7, 1_000_000_000, 2_147_483_647, -5, -999_999_999];
  const rows = Array.from({ length: 12_345 }, (_, index) => [
    values[index % values.length] ?? 0,
    (values[index % values.length] ?? 0) * 100_000 + (index % 10),
    index % 3 === 0 ? '' : `0312345678`.slice(0, index % 11),
  ]);
  const found = await db.transaction(async (trx) => {
    await trx.raw('CREATE TEMP TABLE packed (number integer, large bigint, words text)');
    const sink = await openRowSink(trx, 'packed', columns);
    for (const row of rows) await sink.add(row);
    await sink.end();
    return trx('packed').select<Record<string, unknown>[]>('number', 'large', 'words');
  });
  const sorted = (all: unknown[][]) => all.map((row) => row.join('|')).sort();
  expect(sorted(found.map((row) => Object.values(row)))).toEqual(sorted(rows));
});

it('brings nothing where there is nothing', async () => {
  const count = await db.transaction(async (trx) => {
    await trx.raw('CREATE TEMP TABLE no_rows (number integer, large bigint, words text)');
    await (await openRowSink(trx, 'no_rows', columns)).end();
    return trx('no_rows').count({ rows: '*' }).first();
  });
  expect(count).toEqual({ rows: 0 });
});

it.each([
  [[12_345_678_901, 0, '']],
  [[-1_000_000_000, 0, '']],
  [[0, 1e16, '']],
  [[0, 0, '012345678901234567890']],
])('refuses %j, which does not fit', (row) => {
  expect(() => new PackedRows(columns, 1).add(row)).toThrow('does not fit');
});

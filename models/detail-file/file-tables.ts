import type { Queryable } from '../db';
import { rawRows } from '../db';
import { callsColumns } from './columns';
import { type CsvText, csvText } from './csv-text';
import type { FileNumber } from './numbers';

const AT_ONCE = 150;

/** Finished cells that SQL joins to the calls. They live as long as the connection. */
const tables = `
  CREATE TEMP TABLE file_numbers (position integer PRIMARY KEY, id integer NOT NULL, cell text NOT NULL);
  CREATE TEMP TABLE file_areas (id integer PRIMARY KEY, cp932 text NOT NULL, utf8 text NOT NULL,
    replaced integer NOT NULL, differs integer NOT NULL);
  CREATE TEMP TABLE file_types (id integer PRIMARY KEY, cp932 text NOT NULL, utf8 text NOT NULL,
    replaced integer NOT NULL, differs integer NOT NULL, counted boolean NOT NULL)`;

/**
 * Writes the file's numbers, and the names of areas and call types as CSV cells, into temporary tables.
 * Says whether any of these texts is not the same in both files.
 */
export async function fillFileTables(snapshot: Queryable, numbers: FileNumber[]): Promise<boolean> {
  for (const table of tables.split(';')) await snapshot.raw(table);
  const areas = await rawRows<{ id: number; name: string }>(snapshot, 'SELECT id, name FROM areas');
  const types = await rawRows<{ id: number; label: string; counted: boolean | number }>(
    snapshot,
    'SELECT id, label, counted FROM call_types',
  );
  const areaCells = areas.map(({ id, name }) => ({ id, ...textColumns(name, '地域名') }));
  const typeCells = types.map(({ id, label, counted }) => ({ id, ...textColumns(label, '呼種別'), counted }));
  await insertAll(
    snapshot,
    'file_numbers',
    numbers.map(({ id, cell }, position) => ({ position, id, cell })),
  );
  await insertAll(snapshot, 'file_areas', areaCells);
  await insertAll(snapshot, 'file_types', typeCells);
  return [...areaCells, ...typeCells].some(({ differs }) => differs === 1);
}

const lengths = new Map(callsColumns(200001, 'cp932').map(({ header, bytes }) => [header, bytes]));

function textColumns(text: string, header: string): CsvText & { differs: number } {
  const cells = csvText(text, lengths.get(header) ?? 0);
  return { ...cells, differs: cells.cp932 === cells.utf8 ? 0 : 1 };
}

async function insertAll(snapshot: Queryable, table: string, rows: object[]): Promise<void> {
  for (let start = 0; start < rows.length; start += AT_ONCE)
    await snapshot(table).insert(rows.slice(start, start + AT_ONCE));
}

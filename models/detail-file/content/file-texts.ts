import { queryRows, type Queryable } from '../../../lib/database/db';
import type { CallTexts } from './call-cursor';
import { CALLS_COLUMNS } from './columns';
import { type CsvText, toCsvText } from './csv-text';
import type { FileNumber } from './numbers';

/** Reads the names of areas and call types. Each is made into a cell when the first call needs it. */
export async function readCallTexts(snapshot: Queryable, numbers: FileNumber[]): Promise<CallTexts> {
  const areas = await queryRows<{ id: number; name: string }>(snapshot, 'SELECT id, name FROM areas');
  const types = await queryRows<{ id: number; label: string; counted: boolean | number }>(
    snapshot,
    'SELECT id, label, counted FROM call_types',
  );
  const names = new Map(areas.map(({ id, name }) => [id, name]));
  const typesById = new Map(types.map((type) => [type.id, type]));
  return {
    number: memoizeById((position) => toCsvText(requireValue(numbers[position]).cell)),
    area: memoizeById((id) => toTextCell(requireValue(names.get(id)), '地域名')),
    type: memoizeById((id) => {
      const { label, counted } = requireValue(typesById.get(id));
      return { label: toTextCell(label, '呼種別'), counted: Boolean(counted) };
    }),
  };
}

function toTextCell(text: string, header: string): CsvText {
  return toCsvText(text, CALLS_COLUMNS.find((column) => column.header === header)?.bytes);
}

function requireValue<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a call has a number, an area or a type that is not there');
  return value;
}

/** Makes a value for each id, once. */
function memoizeById<Value>(make: (id: number) => Value): (id: number) => Value {
  const made = new Map<number, Value>();
  return (id) => {
    const before = made.get(id);
    if (before !== undefined) return before;
    const value = make(id);
    made.set(id, value);
    return value;
  };
}

import { rawRows, type Queryable } from '../../../lib/database/db';
import type { CallTexts } from './call-cursor';
import { CALLS_COLUMNS } from './columns';
import { type CsvText, csvText } from './csv-text';
import type { FileNumber } from './numbers';

/** Reads the names of areas and call types. Each is made into a cell when the first call needs it. */
export async function readCallTexts(snapshot: Queryable, numbers: FileNumber[]): Promise<CallTexts> {
  const areas = await rawRows<{ id: number; name: string }>(snapshot, 'SELECT id, name FROM areas');
  const types = await rawRows<{ id: number; label: string; counted: boolean | number }>(
    snapshot,
    'SELECT id, label, counted FROM call_types',
  );
  const names = new Map(areas.map(({ id, name }) => [id, name]));
  const typesById = new Map(types.map((type) => [type.id, type]));
  return {
    number: onceEach((position) => csvText(known(numbers[position]).cell)),
    area: onceEach((id) => textCell(known(names.get(id)), '地域名')),
    type: onceEach((id) => {
      const { label, counted } = known(typesById.get(id));
      return { label: textCell(label, '呼種別'), counted: Boolean(counted) };
    }),
  };
}

function textCell(text: string, header: string): CsvText {
  return csvText(text, CALLS_COLUMNS.find((column) => column.header === header)?.bytes);
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a call has a number, an area or a type that is not there');
  return value;
}

/** Makes a value for each id, once. */
function onceEach<Value>(make: (id: number) => Value): (id: number) => Value {
  const made = new Map<number, Value>();
  return (id) => {
    const before = made.get(id);
    if (before !== undefined) return before;
    const value = make(id);
    made.set(id, value);
    return value;
  };
}

import { splitCsvFields } from '../../../jobs/import/source/csv-records';
import { formatCsvField } from '../../../lib/values/csv';

it.each([
  ['', ''],
  ['東京', '東京'],
  ['a b', 'a b'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['a\rb', '"a\rb"'],
])('writes %j as %j, which reads the same', (value, written) => {
  expect(formatCsvField(value)).toBe(written);
  expect(splitCsvFields(`x,${written},y`)).toEqual(['x', value, 'y']);
});

import { hasPairs, pairColumns, RecordPairs } from '../../../../jobs/import/calls/record-pairs';
import { callFormatSchema } from '../../../../jobs/import/format/schema';
import type { SourceRecord } from '../../../../jobs/import/source/csv-records';

const COLUMNS = ['kind', 'id', 'from', 'to', 'code'];
const findColumn = (column: string | number) => {
  const place = typeof column === 'number' ? column - 1 : COLUMNS.indexOf(column);
  return place < 0 ? undefined : place;
};

function openPairs(): RecordPairs {
  const format = callFormatSchema.parse({
    layouts: [{ columns: COLUMNS }],
    pairs: {
      first: { of: 'kind', matches: '^INVITE$' },
      last: { of: 'kind', matches: '^BYE$' },
      by: ['id'],
      match_unordered: ['from', 'to'],
    },
    answered_if: [{ of: 'code', matches: '^2' }],
    id: ['id'],
    caller: { number: 'from' },
    called: { number: 'to' },
    started_at: { column: 'code', time: 'seconds' },
    ended_at: { column: 'last.code', time: 'seconds' },
  });
  if (!hasPairs(format)) throw new Error('no pairs');
  return new RecordPairs(format, findColumn);
}

const record = (line: number, text: string): SourceRecord => ({ line, fields: text.split(' ') });

it('joins both halves in either order, and tells the columns of the second apart', () => {
  const pairs = openPairs();
  expect(pairs.take(record(1, 'INVITE 1 a b 200'))).toBeUndefined();
  const joined = pairs.take(record(2, 'BYE 1 b a 487'));
  expect(joined?.line).toBe(1);
  const find = pairColumns(findColumn);
  const get = (name: string | number) => joined?.fields[find(name) ?? -1];
  expect([get('code'), get('last.code'), get('last.from'), get(2)]).toEqual(['200', '487', 'b', '1']);
  expect(find('last.none')).toBeUndefined();

  expect(pairs.take(record(3, 'BYE 2 b a 200'))).toBeUndefined();
  expect(pairs.take(record(4, 'INVITE 2 a b 200'))?.line).toBe(4);
  expect(pairs.takeRest()).toEqual([]);
});

it('gives an unanswered call as it is, and leaves out what is no half of a call', () => {
  const pairs = openPairs();
  const unanswered = record(1, 'INVITE 1 a b 486');
  expect(pairs.take(unanswered)).toBe(unanswered);
  expect(pairs.take(record(2, 'ACK 1 a b 200'))).toBeUndefined();
  expect(pairs.takeRest()).toEqual([]);
});

it('keeps calls of other ids or parties apart, and the first of a repeated half', () => {
  const pairs = openPairs();
  pairs.take(record(1, 'INVITE 1 a b 200'));
  pairs.take(record(2, 'INVITE 1 a b 200'));
  expect(pairs.take(record(3, 'BYE 2 a b 200'))).toBeUndefined();
  expect(pairs.take(record(4, 'BYE 1 a c 200'))).toBeUndefined();
  expect(pairs.take(record(5, 'BYE 1 a b 200'))?.line).toBe(1);
});

it('tells by line what has no other half', () => {
  const pairs = openPairs();
  pairs.take(record(7, 'INVITE 1 a b 200'));
  pairs.take(record(3, 'BYE 2 a b 200'));
  expect(pairs.takeRest().map(({ record: { line }, reason }) => [line, reason])).toEqual([
    [3, 'the record that begins this call is missing'],
    [7, 'the record that ends this call is missing: import it together with the file that has it'],
  ]);
});

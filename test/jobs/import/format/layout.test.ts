import { listUsedColumns, openLayouts } from '../../../../jobs/import/format/layout';
import { type CallFormat, callFormatSchema } from '../../../../jobs/import/format/schema';

const buildFormat = (changes: object = {}): CallFormat =>
  callFormatSchema.parse({
    id: ['id'],
    caller: { number: ['src', 'caller_id'], names: ['channel'] },
    called: { number: 'dst' },
    started_at: { column: 'start', time: 'seconds', plus: { column: 'ring', unit: 'seconds' } },
    duration: { column: 'billsec', unit: 'seconds' },
    ...changes,
  });
const columns = ['id', 'channel', 'src', 'caller_id', 'dst', 'start', 'ring', 'billsec'];
const open = (format: CallFormat, fields: string[]) => openLayouts(format, 'calls.csv', { line: 1, fields });

it('knows each column that a format uses, once', () => {
  expect(listUsedColumns(buildFormat({ answered_if: [{ of: ['dst', 'state'], matches: '.' }] }))).toEqual(
    expect.arrayContaining([...columns, 'state']),
  );
  expect(listUsedColumns(buildFormat()).sort()).toEqual([...columns].sort());
});

describe('with a header', () => {
  const format = buildFormat({ header: 'required' });

  it('finds columns whatever their case, spaces, hyphens and underscores', () => {
    const { layouts, names } = open(format, ['ID', ' Caller-ID', 'channel', 'DST', 'Start', 'bill sec']);
    expect(names).toEqual(['ID', 'Caller-ID', 'channel', 'DST', 'Start', 'bill sec']);
    const [layout] = layouts;
    expect(['id', 'caller_id', 'billsec', 'src', 3].map((name) => layout?.findColumn(name))).toEqual([
      ...[0, 1, 5, undefined, 2],
    ]);
    expect([layout?.minColumns, layout?.maxColumns]).toEqual([6, 6]);
  });

  it.each([
    [['id', 'dst', 'start', 'billsec'], 'column “channel” is missing'],
    [['id', 'channel', 'start', 'billsec'], 'column “dst” is missing'],
    [['id', 'channel', 'dst', 'start', 'billsec', 'DST'], 'column “dst” stands twice'],
  ])('refuses %j', (names, fault) => {
    expect(() => open(format, names)).toThrow(`calls.csv: ${fault}`);
  });

  it('refuses other columns if the format says so', () => {
    const strict = buildFormat({ header: 'required', unknown_columns: 'refuse', layouts: [{ columns }] });
    expect(() => open(strict, [...columns, 'note'])).toThrow('column “note” is unknown');
    expect(() => open(strict, ['a', 'b'])).toThrow('give another --format');
    expect(open(strict, [...columns].reverse()).layouts[0]?.findColumn('id')).toBe(7);
  });

  it('tells an optional header by most of its names', () => {
    const optional = buildFormat({ header: 'optional', layouts: [{ columns }], other_columns: ['note'] });
    expect(open(optional, [...columns, 'note']).names).toHaveLength(9);
    expect(open(optional, ['id', '1001', '0312345678', '', '104', '1', '2', '3']).names).toEqual([]);
  });
});

describe('without a header', () => {
  it('takes any record, with columns by number', () => {
    const { layouts, names } = open(buildFormat({ id: [1] }), ['x']);
    expect(names).toEqual([]);
    expect(layouts).toMatchObject([{ minColumns: 1, maxColumns: Infinity }]);
  });

  it('has as many fields as the layout says, and says why a record does not match', () => {
    const format = buildFormat({
      layouts: [
        { columns, min_columns: 6, max_columns: 9, where: { dst: '^0' } },
        { columns: [...columns, 'note'] },
      ],
    });
    const { layouts, explainMismatch } = open(format, ['x']);
    expect(layouts).toMatchObject([
      { minColumns: 6, maxColumns: 9, signs: [{ place: 4, expression: /^0/ }] },
      { minColumns: 9, maxColumns: 9, signs: [] },
    ]);
    expect(explainMismatch(['a'])).toBe('1 fields: fewer than the 6 of the format');
    expect(explainMismatch(Array.from({ length: 8 }, () => ''))).toBe('8 fields: not a record of the format');
  });
});

import { CallCursor } from '../../../../models/detail-file/content/call-cursor';
import { toCsvText } from '../../../../models/detail-file/content/cells';

const texts = {
  number: (position: number) => toCsvText(`number ${position}`),
  area: (id: number) => toCsvText(`area ${id}`),
  type: (id: number) => ({ label: toCsvText(`type ${id}`), counted: false }),
};

/** Position, start and id of each call of a block. */
function readKeys(block: string): number[][] {
  const call = new CallCursor(texts);
  const keys = [];
  call.enter(Buffer.from(block));
  while (call.next()) keys.push([call.position, call.started_at, call.id]);
  return keys;
}

const buildLine = (position: number, started_at: number, id: number): string =>
  `${position},${started_at},${id},660,7,1,3,-800,0312345678\n`;

it.each([
  ['PostgreSQL', '2,14302080000,123456789012,660,7,1,3,-800,0312345678\n'],
  ['SQLite', '[2,14302080000,123456789012,660,7,1,3,-800,"0312345678"]\n'],
])('reads what %s writes of a call', (_, written) => {
  const call = new CallCursor(texts);
  call.enter(Buffer.from(written));
  expect(call.next()).toBe(true);
  const { started_at, id, duration, hyphens, line_class, charge } = call;
  expect({ started_at, id, duration, hyphens, line_class, charge }).toEqual({
    started_at: 14_302_080_000,
    id: 123_456_789_012,
    duration: 660,
    hyphens: 24,
    line_class: 1,
    charge: -800,
  });
  expect(Buffer.from(call.digits.subarray(call.digitsStart, call.digitsEnd)).toString()).toBe('0312345678');
  const cells = [call.number, call.area, call.type.label].map(({ utf8 }) => Buffer.from(utf8).toString());
  expect(cells).toEqual(['number 2', 'area 7', 'type 3']);
  expect(call.next()).toBe(false);
});

it('takes calls in the order of the file alone', () => {
  expect(
    readKeys(buildLine(0, 9, 9) + buildLine(1, 5, 5) + buildLine(1, 5, 6) + buildLine(1, 6, 1)),
  ).toHaveLength(4);
  for (const wrong of [buildLine(0, 9, 9), buildLine(1, 4, 9), buildLine(1, 5, 4), buildLine(1, 5, 5)])
    expect(() => readKeys(buildLine(1, 5, 5) + wrong)).toThrow('belongs before');
});

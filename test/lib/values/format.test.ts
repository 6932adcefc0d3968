import {
  callDuration,
  callStart,
  clockDuration,
  dateLabel,
  dayLabel,
  fileSize,
  timeLabel,
  yen,
  yenDecimal,
  yenExact,
} from '../../../lib/values/format';

const toTenths = (time: string): number => Date.parse(time) / 100;

describe('money', () => {
  it.each([
    [192_850, '1,928円', '1,928.50円'],
    [0, '0円', '0.00円'],
    [99, '0円', '0.99円'],
    [-99, '0円', '-0.99円'],
    [-117_400, '-1,174円', '-1,174.00円'],
    [123_456_789_01, '123,456,789円', '123,456,789.01円'],
  ])('writes %d sen as %s and %s', (sen, whole, exact) => {
    expect(yen(sen)).toBe(whole);
    expect(yenExact(sen)).toBe(exact);
  });
});

it('writes yen for files without grouping, and rounded ones with fewer decimals', () => {
  expect([yenDecimal(-50), yenDecimal(123_456_789_01)]).toEqual(['-0.50', '123456789.01']);
  expect([yenDecimal(192_850, 1), yenDecimal(192_800, 0)]).toEqual(['1928.5', '1928']);
});

describe('time', () => {
  it('writes the start of a call in Japan, to 0.1 s', () => {
    expect(callStart(toTenths('2015-05-01T20:12:21.5+09:00'))).toBe('05/01(金)20時12分21.5秒');
    expect(callStart(toTenths('2017-12-31T15:00:00Z'))).toBe('01/01(月)00時00分00.0秒');
  });

  it('writes durations, hours past 24 too', () => {
    expect(callDuration(660)).toBe('0時間01分06.0秒');
    expect(callDuration(36_000 * 100 + 599)).toBe('100時間00分59.9秒');
    expect(clockDuration(1_037_935)).toBe('28:49:53.5');
  });

  it('writes days and moments', () => {
    expect(dateLabel('2010-11-15')).toBe('2010年11月15日');
    expect(dayLabel('2017-11-05')).toBe('11月05日');
    expect(timeLabel(Date.parse('2017-12-05T13:20:00+09:00'))).toBe('2017年12月05日 13時20分');
  });
});

describe('fileSize', () => {
  it.each([
    [88, '88バイト'],
    [12_345, '12.3KB'],
    [18_600_000, '18.6MB'],
    [999_949, '999.9KB'],
    [999_950, '1.0MB'],
    [999_950_000, '1.0GB'],
    [1_234_000_000_000, '1.2TB'],
    [1_234_000_000_000_000, '1234.0TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(fileSize(bytes)).toBe(text);
  });
});

import { isTimePattern, createTimeReader } from '../../../../../jobs/import/format/values/time';
import { isTimezone, toInstant } from '../../../../../jobs/import/format/values/timezone';

const toTenths = (text: string): number => Date.parse(text) / 100;
const read = (pattern: string, text: string, zone = 'Asia/Tokyo') => createTimeReader([pattern])(text, zone);

describe('a time with its zone', () => {
  const withZone = createTimeReader(['yyyy-MM-ddTHH:mm:ss[.S]Z', 'yyyy-MM-dd HH:mm:ss[.S]Z']);

  it.each([
    ['2015-05-01T20:12:21.5+09:00', toTenths('2015-05-01T11:12:21.500Z')],
    ['2015-05-01T20:12:21+09:00', toTenths('2015-05-01T11:12:21Z')],
    ['2015-05-01 20:12:21.59+0900', toTenths('2015-05-01T11:12:21.500Z')],
    ['2015-05-01T20:12:21.5Z', toTenths('2015-05-01T20:12:21.500Z')],
    ['2015-05-01T20:12:21,5UTC', toTenths('2015-05-01T20:12:21.500Z')],
    ['2015-05-01T20:12:21GMT', toTenths('2015-05-01T20:12:21Z')],
    ['2016-02-29T00:00:00.0-03:30', toTenths('2016-02-29T03:30:00Z')],
  ])('reads %s', (text, tenths) => {
    expect(withZone(text, 'UTC')?.tenths).toBe(tenths);
  });

  it.each([
    '2015-05-01T20:12:21.5',
    '2015-02-29T20:12:21+09:00',
    '2015-13-01T20:12:21+09:00',
    '2015-05-01T24:00:00+09:00',
    '2015-05-01T20:60:00+09:00',
    '2015-05-01T20:12:60+09:00',
    '2015-05-01T20:12:21+99:00',
    '2015-05-01T20:12:21+09:60',
    '2015-05-01T20:12:21+9:00',
    '2015-05-01T20:12:21+09',
    '2015-05-01T20:12:21.+09:00',
    '2015-05-01T20:12:21+09:00 ',
    ' 2015-05-01T20:12:21+09:00',
    '2015-05-00T20:12:21+09:00',
    '２015-05-01T20:12:21+09:00',
    '2015/05/01 20:12:21+09:00',
    '1970-01-01T00:00:00Z',
    '0000-00-00T00:00:00Z',
    'yesterday',
    '',
  ])('refuses “%s”', (text) => {
    expect(withZone(text, 'UTC')).toBeUndefined();
  });
});

describe('a pattern', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss', '2023-07-26 01:51:50', toTenths('2023-07-25T16:51:50Z'), 10],
    ['dd.MM.yyyy H:mm[:ss]', '26.07.2023 1:51', toTenths('2023-07-25T16:51:00Z'), 600],
    ['dd.MM.yyyy H:mm[:ss]', '26.07.2023 1:51:50', toTenths('2023-07-25T16:51:50Z'), 10],
    ['M/d/yyyy h:mm:ss[.S] a', '7/6/2023 12:51:50.987654 AM', toTenths('2023-07-05T15:51:50.900Z'), 1],
    ['M/d/yyyy h:mm:ss[.S] a', '12/26/2023 12:51:50 pm', toTenths('2023-12-26T03:51:50Z'), 10],
    ['yyyyMMddHHmmss', '20230726015150', toTenths('2023-07-25T16:51:50Z'), 10],
    ['[z ]yyyy-MM-dd HH:mm[:ss[.S]]', 'JST 2023-07-26 01:51:50,9', toTenths('2023-07-25T16:51:50.900Z'), 1],
    ['[z ]yyyy-MM-dd HH:mm[:ss[.S]]', '2023-07-26 01:51', toTenths('2023-07-25T16:51:00Z'), 600],
    ['seconds', '1690303910', toTenths('2023-07-25T16:51:50Z'), 10],
    ['seconds', '1690303910.98', toTenths('2023-07-25T16:51:50.900Z'), 1],
    ['milliseconds', '1690303910987', toTenths('2023-07-25T16:51:50.900Z'), 1],
    ['microseconds', '1690303910987654', toTenths('2023-07-25T16:51:50.900Z'), 1],
  ])('%s reads %s', (pattern, text, tenths, resolution) => {
    expect(read(pattern, text)).toEqual({ tenths, resolution });
  });

  it.each([
    ['yyyy-MM-dd HH:mm:ss', '2023-07-26 01:51'],
    ['yyyy-MM-dd HH:mm:ss', '2023-07-26 01:51:5x'],
    ['yyyy-MM-dd HH:mm:ss', '2023-07-26 01:51:50 +09:00'],
    ['M/d/yyyy h:mm a', '7/6/2023 13:51 PM'],
    ['M/d/yyyy h:mm a', '7/6/2023 0:51 AM'],
    ['M/d/yyyy h:mm a', '7/6/2023 1:51 XM'],
    ['z yyyy-MM-dd HH:mm', ' 2023-07-26 01:51'],
    ['seconds', '0'],
    ['seconds', 'soon'],
  ])('%s refuses %s', (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined();
  });

  it('has year, month, day, hour and minute, nothing twice, and brackets that close', () => {
    const good = ['yyyy-MM-dd HH:mm', 'd.M.yyyy h:mm a', 'yyyy-MM-ddTHH:mm[:ss[.S]]Z', 'seconds'];
    const bad = [
      'yyyy-MM-dd',
      'HH:mm',
      'yyyy-MM-dd HH:mm HH',
      'yyyy-MM-dd HH:mm[:ss',
      'yyyy-MM-dd ]HH:mm[',
      '',
    ];
    expect(good.filter(isTimePattern)).toEqual(good);
    expect(bad.filter(isTimePattern)).toEqual([]);
  });
});

describe('a time without a zone', () => {
  it.each([
    ['2023-07-26T01:51:50Z', 'Asia/Tokyo', '2023-07-25T16:51:50Z'],
    ['2023-07-26T01:51:50Z', 'UTC', '2023-07-26T01:51:50Z'],
    ['2023-07-26T01:51:50Z', 'Europe/Berlin', '2023-07-25T23:51:50Z'],
    ['2023-01-26T01:51:50Z', 'Europe/Berlin', '2023-01-26T00:51:50Z'],
    ['2023-03-26T03:00:00Z', 'Europe/Berlin', '2023-03-26T01:00:00Z'],
  ])('%s in %s is %s', (local, zone, instant) => {
    expect(toInstant(toTenths(local), zone)).toBe(toTenths(instant));
  });

  it('is refused in the hour that a clock leaps over', () => {
    expect(toInstant(toTenths('2023-03-26T02:30:00Z'), 'Europe/Berlin')).toBeUndefined();
  });
});

it('knows zones by their names', () => {
  expect([isTimezone('Asia/Tokyo'), isTimezone('Asia/Edo')]).toEqual([true, false]);
});

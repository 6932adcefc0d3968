import { isTimezone, parseInstant, parseLocalTime } from '../../../jobs/import/instant';

const at = (text: string): number => Date.parse(text) / 100;

describe('parseInstant', () => {
  it.each([
    ['2015-05-01T20:12:21.5+09:00', at('2015-05-01T11:12:21.500Z')],
    ['2015-05-01T20:12:21+09:00', at('2015-05-01T11:12:21Z')],
    ['2015-05-01 20:12:21.59+0900', at('2015-05-01T11:12:21.500Z')],
    ['2015-05-01T20:12:21.5Z', at('2015-05-01T20:12:21.500Z')],
    ['2016-02-29T00:00:00.0-03:30', at('2016-02-29T03:30:00Z')],
  ])('reads %s', (text, tenths) => {
    expect(parseInstant(text)).toBe(tenths);
  });

  it.each([
    '2015-05-01T20:12:21.5',
    '2015-02-29T20:12:21+09:00',
    '2015-13-01T20:12:21+09:00',
    '2015-05-01T24:00:00+09:00',
    '2015-05-01T20:60:00+09:00',
    '2015-05-01T20:12:60+09:00',
    '2015-05-01T20:12:21+99:00',
    '2015/05/01 20:12:21+09:00',
    '1970-01-01T00:00:00Z',
    '0000-00-00T00:00:00Z',
    'yesterday',
    '',
  ])('refuses “%s”', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('parseLocalTime', () => {
  it('reads a time of the zone', () => {
    expect(parseLocalTime('2023-07-26 01:51:50', 'Asia/Tokyo')).toBe(at('2023-07-25T16:51:50Z'));
    expect(parseLocalTime('2023-07-26 01:51:50', 'UTC')).toBe(at('2023-07-26T01:51:50Z'));
    expect(parseLocalTime('2023-07-26 01:51:50', 'Europe/Berlin')).toBe(at('2023-07-25T23:51:50Z'));
    expect(parseLocalTime('2023-01-26 01:51:50', 'Europe/Berlin')).toBe(at('2023-01-26T00:51:50Z'));
  });

  it('refuses the hour that a clock leaps over', () => {
    expect(parseLocalTime('2023-03-26 02:30:00', 'Europe/Berlin')).toBeUndefined();
    expect(parseLocalTime('2023-03-26 03:00:00', 'Europe/Berlin')).toBe(at('2023-03-26T01:00:00Z'));
  });

  it('refuses what is more than a time', () => {
    expect(parseLocalTime('2023-07-26 01:51:50 +09:00', 'Asia/Tokyo')).toBeUndefined();
  });
});

it('knows zones by their names', () => {
  expect([isTimezone('Asia/Tokyo'), isTimezone('Asia/Edo')]).toEqual([true, false]);
});

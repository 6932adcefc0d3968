import {
  getBillingMonth,
  addMonths,
  getMonthAt,
  getMonthStart,
  parseMonth,
  listPastMonths,
} from '../../../models/billing/month';
import { toJstDay } from '../../../lib/values/jst';

/** 0.1 s since the epoch. */
const toTenths = (text: string): number => Date.parse(`${text}+09:00`) / 100;

describe('billingMonthOf', () => {
  it.each([
    ['2017-10-31T23:59:00.0', 600, 201710, 'ends exactly at midnight'],
    ['2017-10-31T23:59:00.0', 601, 201711, 'ends 0.1 s after midnight'],
    ['2017-10-31T23:59:59.9', 1, 201710, 'the last tenth of the month'],
    ['2017-11-01T00:00:00.0', 1, 201711, 'the first tenth of the month'],
    ['2017-12-31T23:00:00.0', 72_000, 201801, 'crosses the year'],
    ['2017-10-30T12:00:00.0', 900_000, 201710, 'longer than a day'],
  ])('of a call at %s of %d tenths is %d: %s', (start, duration, month) => {
    expect(getBillingMonth(toTenths(start), duration, false)).toBe(month);
  });

  it('is the month of the start for a counted call', () => {
    expect(getBillingMonth(toTenths('2017-11-01T00:00:00.0'), 0, true)).toBe(201711);
    expect(getBillingMonth(toTenths('2017-10-31T23:59:59.9'), 0, true)).toBe(201710);
  });
});

it('knows the borders of months and days in Japan', () => {
  expect(getMonthStart(201711)).toBe(toTenths('2017-11-01T00:00:00.0'));
  expect(getMonthAt(toTenths('2017-11-30T23:59:59.9'))).toBe(201711);
  expect(toJstDay(toTenths('2017-11-30T23:59:59.9')) + 1).toBe(toJstDay(toTenths('2017-12-01T00:00:00.0')));
});

it('counts months over the year', () => {
  expect(addMonths(201712)).toBe(201801);
  expect(addMonths(201801, -2)).toBe(201711);
  expect(listPastMonths(Date.parse('2018-01-01T00:00:00+09:00'), 3)).toEqual([201712, 201711, 201710]);
});

it('reads months out of addresses, and nothing else', () => {
  expect(parseMonth('201711')).toBe(201711);
  for (const text of ['201713', '201700', '2017-11', '20171', '', undefined])
    expect(parseMonth(text)).toBeUndefined();
});

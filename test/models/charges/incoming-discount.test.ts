import { computeIncomingDiscount } from '../../../models/charges/incoming-discount';

describe('incomingDiscount', () => {
  it.each([
    // duration in 0.1 s, charges and discount in 1/100 yen
    ['the guide’s month: 39:07:43.0', 1_408_630, 13_009_000, 117_400],
    ['nothing', 0, 10_000, 0],
    ['0.1 s less than a minute', 599, 10_000, 0],
    ['one minute: 0.50 yen is rounded up', 600, 10_000, 100],
    ['0.1 s less than two minutes', 1199, 10_000, 100],
    ['two minutes: 1 yen', 1200, 10_000, 100],
    ['three minutes: 1.50 yen is rounded up', 1800, 10_000, 200],
    ['just what was charged', 12_000, 1000, 1000],
    ['more than was charged', 12_600, 1000, 1000],
    ['more than was charged, in sen', 12_600, 1050, 1050],
    ['nothing charged', 12_600, 0, 0],
  ])('takes off by rule: %s', (_case, duration, charges, discount) => {
    expect(computeIncomingDiscount(duration, charges)).toBe(discount);
  });
});

import { sumInvoice } from '../../../models/billing/invoice-totals';

const buildLines = (...amounts: [amount: number, tax_rate: number][]) =>
  amounts.map(([amount, tax_rate], index) => ({ line: index + 1, description: '', amount, tax_rate }));

describe('sumInvoice', () => {
  it('computes the tax of each rate from its subtotal and cuts the fraction off', () => {
    // 8 % of 199.98 is 15.9984; of each line alone it would be 7 and 7.
    expect(sumInvoice(buildLines([9999, 8], [9999, 8], [105_055, 10], [50_000, 0]))).toEqual({
      subtotal: 175_053,
      taxes: [
        { rate: 10, subtotal: 105_055, tax: 10_500 },
        { rate: 8, subtotal: 19_998, tax: 1500 },
        { rate: 0, subtotal: 50_000, tax: 0 },
      ],
      total: 187_053,
    });
  });

  it('takes discounts off before the tax', () => {
    expect(sumInvoice(buildLines([13_009_000, 10], [-117_400, 10]))).toMatchObject({
      subtotal: 12_891_600,
      taxes: [{ rate: 10, tax: 1_289_100 }],
      total: 14_180_700,
    });
  });

  it.each([
    [9, 10, 0],
    [999, 10, 0],
    [1000, 10, 100],
    [1249, 8, 0],
    [1250, 8, 100],
    [-1999, 10, -100],
  ])('taxes %d sen at %d %% with %d', (amount, rate, tax) => {
    expect(sumInvoice(buildLines([amount, rate])).taxes[0]?.tax).toBe(tax);
  });

  it('is nothing without lines', () => {
    expect(sumInvoice([])).toEqual({ subtotal: 0, taxes: [], total: 0 });
  });
});

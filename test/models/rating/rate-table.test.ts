import { computeCharge, RateTable, type TariffRate } from '../../../models/rating/rate-table';

const buildRate = (prefix: string, changes: Partial<TariffRate> = {}): TariffRate => ({
  ...{
    id: 1,
    tariff_id: 1,
    prefix,
    from_time: 0,
    area: '',
    call_type_id: 1,
    unit_charge: 800,
    unit_duration: 1800,
    connection_charge: 0,
    minimum_charge: 0,
    replaced_at: null,
  },
  ...changes,
});

describe('rateOf', () => {
  const table = new RateTable([
    buildRate('0'),
    buildRate('03', { area: '東京' }),
    buildRate('03', { area: '東京', from_time: 1000, unit_charge: 900 }),
    buildRate('0312', { from_time: 2000 }),
    buildRate('1', { area: 'アメリカ合衆国' }),
    buildRate('104', { area: '番号案内' }),
  ]);

  it('takes the longest prefix', () => {
    expect(table.findRate('0312345678', 2000)?.prefix).toBe('0312');
    expect(table.findRate('0612345678', 2000)?.prefix).toBe('0');
    expect(table.findRate('14155552671', 0)?.area).toBe('アメリカ合衆国');
  });

  it('takes the rate in force when the call began, and a shorter prefix where the longer was not yet', () => {
    expect(table.findRate('0312345678', 999)?.unit_charge).toBe(800);
    expect(table.findRate('0312345678', 1000)?.unit_charge).toBe(900);
    expect(table.findRate('0312345678', 1999)?.prefix).toBe('03');
    expect(table.findRate('0312345678', -1)).toBeUndefined();
  });

  it('takes a short number for a service, never for a country', () => {
    expect(table.findRate('104', 0)?.area).toBe('番号案内');
    expect(table.findRate('110', 0)).toBeUndefined();
    expect(table.findRate('1234', 0)).toBeUndefined();
  });

  it('knows nothing of a number without a rate', () => {
    expect(table.findRate('4420', 0)).toBeUndefined();
    expect(table.findRate('', 0)).toBeUndefined();
  });
});

describe('chargeOf', () => {
  it.each([
    [1, 800],
    [1799, 800],
    [1800, 800],
    [1801, 1600],
    [3600, 1600],
    [3601, 2400],
    [0, 0],
  ])('of %d tenths is %d', (duration, charge) => {
    expect(computeCharge(buildRate('0'), duration, false)).toBe(charge);
  });

  it('has the connection besides the units, and is the minimum at least', () => {
    const dear = buildRate('0', { connection_charge: 500, minimum_charge: 1500 });
    expect([0, 1, 1800, 1801].map((duration) => computeCharge(dear, duration, false))).toEqual([
      0, 1500, 1500, 2100,
    ]);
    expect(computeCharge(dear, 0, true)).toBe(1500);
  });

  it('of a counted call is one unit', () => {
    expect(computeCharge(buildRate('104'), 0, true)).toBe(800);
  });
});

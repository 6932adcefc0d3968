import {
  compileCharge,
  compileDuration,
  parseScaledDecimal,
} from '../../../../../jobs/import/format/values/amount';

describe('a decimal of a smaller unit', () => {
  it.each([
    ['8', 100, 1, 800],
    ['8.5', 100, 1, 850],
    ['8.', 100, 1, 800],
    ['0', 100, 1, 0],
    ['007.10', 100, 1, 710],
    ['558.3', 10, 1, 5583],
    ['0.29', 100, 1, 29],
    ['1.15', 100, 1, 115],
    ['60', 1, 100, 'finer than a unit'],
    ['66000', 1, 100, 660],
    ['999999999999999', 100, 1, 99_999_999_999_999_900],
    ['0.000000000000001', 100, 1, 'finer than a unit'],
    ['8.005', 100, 1, 'finer than a unit'],
    ['-8', 100, 1, 'negative'],
    ['', 100, 1, 'not a number'],
    ['8,5', 100, 1, 'not a number'],
    ['.5', 100, 1, 'not a number'],
    ['8.5.1', 100, 1, 'not a number'],
    ['1e3', 100, 1, 'not a number'],
    ['８', 100, 1, 'not a number'],
    ['1234567890123456', 100, 1, 'not a number'],
  ])('makes %s times %d/%d exactly %s', (text, by, of, value) => {
    expect(parseScaledDecimal(text, [by, of], 'exact', 'a unit')).toBe(value);
  });

  it.each([
    ['8.004', 'down', 800],
    ['8.009', 'down', 800],
    ['8.001', 'up', 801],
    ['8.00', 'up', 800],
    ['8.0049', 'half_up', 800],
    ['8.005', 'half_up', 801],
    ['8.00499999999999', 'half_up', 800],
    ['123456789012.005', 'half_up', 12_345_678_901_201],
    ['123456789012345.004999999999999', 'half_up', 12_345_678_901_234_500],
    ['12345678901234.005', 'half_up', 1_234_567_890_123_401],
    ['12345678901234.005', 'down', 1_234_567_890_123_400],
  ] as const)('rounds %s %s to %d', (text, rounding, value) => {
    expect(parseScaledDecimal(text, [100, 1], rounding, 'a unit')).toBe(value);
  });

  it('agrees with whole numbers of any size', () => {
    const differences: string[] = [];
    for (let at = 0; at < 2000; at += 1) {
      const digits = String((at * 7_919_577_013_921) % 10 ** (1 + (at % 15)));
      const text = `${digits}.${String((at * 104_729) % 10 ** (1 + (at % 9)))}`;
      const decimals = text.length - digits.length - 1;
      const expected = Number((BigInt(text.replace('.', '')) * 10n) / 10n ** BigInt(decimals));
      if (parseScaledDecimal(text, [10, 1], 'down', '') !== expected) differences.push(text);
    }
    expect(differences).toEqual([]);
  });
});

const findColumn = (column: string | number) => (typeof column === 'number' ? column - 1 : undefined);

describe('a duration', () => {
  const read = (unit: string, text: string, round = 'exact') =>
    compileDuration([{ column: 1, unit, round } as never], findColumn)([text]);

  it.each([
    ['seconds', '66', 660],
    ['seconds', '66.5', 665],
    ['milliseconds', '6600', 66],
    ['microseconds', '6600000', 66],
    ['nanoseconds', '6600000000', 66],
    ['minutes', '1.5', 900],
    ['clock', '0:01:06', 660],
    ['clock', '100:00:59.9', 3_600_599],
    ['text', '1m06s', 660],
    ['text', '1h1m1.5s', 36_615],
    ['text', '500ms', 5],
  ])('in %s is read from %s', (unit, text, tenths) => {
    expect(read(unit, text)).toBe(tenths);
  });

  it('adds up the parts of a text before they are rounded', () => {
    expect(read('text', '50ms50ms', 'down')).toBe(1);
    expect(read('text', '1m6.04s50ms', 'down')).toBe(660);
    expect(read('text', '1m6.06s50ms', 'down')).toBe(661);
  });

  it.each([
    ['seconds', '66.55', 'duration: 66.55 is finer than 0.1 s'],
    ['seconds', '-1', 'duration: -1 is negative'],
    ['seconds', 'x', 'duration: x is not a number of seconds'],
    ['seconds', '3600000', 'duration: 3600000 is not below 1000 hours'],
    ['clock', '0:60:00', 'duration: 0:60:00 is not a time such as 0:01:06'],
    ['text', '66', 'duration: 66 is not a duration such as 1m06s'],
  ])('in %s is refused from %s', (unit, text, reason) => {
    expect(() => read(unit, text)).toThrow(reason);
  });

  it('is the first that is there', () => {
    const values = [1, 2].map((column) => ({ column, unit: 'seconds', round: 'exact' }) as const);
    const readFirst = compileDuration(values, findColumn);
    expect([readFirst(['', '2']), readFirst(['1', '2']), readFirst(['', ''])]).toEqual([20, 10, undefined]);
  });
});

describe('a charge', () => {
  const read = (unit: 'yen' | 'sen', text: string) =>
    compileCharge([{ column: 1, unit, round: 'exact' }], findColumn)([text]);

  it('is read in yen or in 1/100 yen', () => {
    expect([read('yen', '8.5'), read('sen', '850'), read('yen', '')]).toEqual([850, 850, undefined]);
  });

  it.each([
    ['8.005', 'charge: 8.005 is finer than 1/100 yen'],
    ['999999.50', 'charge: 999999.5 is not below 999,999.50 yen'],
    ['¥8', 'charge: ¥8 is not an amount in yen'],
  ])('%s is refused', (text, reason) => {
    expect(() => read('yen', text)).toThrow(reason);
  });
});

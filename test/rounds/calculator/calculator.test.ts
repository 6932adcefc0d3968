import { Calculator } from './calculator';
import { listMonthsBefore, readMoment, toCivilTime, writeDay } from './civil-time';
import { writeCallsFile, writeFeesFile } from './files';
import { listCallRows, listMonthRows, listNumberRows, listUsageRows } from './pages';
import type { BillingRecord } from './records';
import { writeYenInSixBytes } from './words';

// The figures that the guides print: the calculator that judges the portal is judged by them.

const NUMBER = '05012345678';

function createCalculator(records: Partial<BillingRecord>[], page: 'self' | 'my' = 'self'): Calculator {
  const createType = (code: string, label: string, usageRow: 'general' | 'mobile', isCounted = false) => ({
    ...{ code, label, usageRow, isCounted },
    category: usageRow === 'mobile' ? ('mobile' as const) : ('domestic' as const),
    feesColumn: usageRow === 'mobile' ? ('au' as const) : ('domestic' as const),
  });
  const calculator = new Calculator({
    contracts: [{ code: 'd123456789', page, firstDay: '2010-11-15', hasControlNumbers: false }],
    lines: [{ number: NUMBER, kind: 'contract', service: 'ip050', alias: '' }],
    holdings: [{ number: NUMBER, contract: 'd123456789', firstDay: '', lastDay: '' }],
    types: [
      createType('domestic', '国内呼', 'general'),
      createType('mobile_au', '携帯呼(au)', 'mobile'),
      createType('directory', '番号案内', 'general', true),
    ],
    tariffs: new Map(),
    hyphenated: new Map([
      [NUMBER, '050-1234-5678'],
      ['0312345678', '03-1234-5678'],
    ]),
  });
  calculator.importFile(
    records.map((record, place): BillingRecord => ({
      ...{ kind: 'billing', sourceId: String(place), number: NUMBER, direction: 'outgoing' },
      ...{ start: readMoment('2015-05-01 20:12:21.5'), duration: 660, other: '0312345678', area: '東京' },
      ...{ isInternal: false, type: 'domestic', charge: 800 },
      ...record,
    })),
  );
  return calculator;
}

it('writes the call of the guide as its screen and its file do', () => {
  const calculator = createCalculator([{}]);
  const { rows } = listCallRows(calculator, {});
  expect(rows).toEqual([
    expect.objectContaining({
      ...{ 番号: '1', 通話開始日時: '05/01(金)20時12分21.5秒', 電話番号: '03-1234-5678', 地域名: '東京' },
      ...{ 通話時間: '0時間01分06.0秒', 通話料金: '8.00円' },
    }),
  ]);
  expect(writeCallsFile(calculator, 'd123456789', 201505, 'cp932').split('\r\n')[1]).toBe(
    '050-1234-5678,2015/05/01,20:12:21.5,03-1234-5678,東京,00:01:06.0,外線,国内呼,8.00',
  );
});

it('cuts the fraction of each sum on S6, and has it on S7 and in the file', () => {
  const calculator = createCalculator([{ charge: 5600 }, { type: 'mobile_au', charge: 187_250 }]);
  expect(listMonthRows(calculator, 'd123456789', [201505])).toEqual([
    ['2015年05月', '1,928円', '56円', '0円', '1,872円', '【05月01日~05月31日】'],
  ]);
  expect(listNumberRows(calculator, 'd123456789', 201505).rows).toEqual([
    ['050-1234-5678', '1,928.50円', '56.00円', '0.00円', '1,872.50円'],
  ]);
  expect(writeFeesFile(calculator, 'd123456789', 201505)).toContain(
    '050-1234-5678,1928.50,56.00,0.00,1872.50,0.00\r\n',
  );
});

it.each([
  ['39:07:43.0', '-1,174', 13_009_000],
  ['39:07:43.0', '-100', 10_050],
  ['0:00:59.9', '0', 13_009_000],
  ['0:01:00.0', '-1', 13_009_000],
  ['0:02:59.9', '-1', 13_009_000],
])('takes for %s of incoming calls %s, of %i sen at most', (time, discount, charge) => {
  const duration = readMoment(`1970-01-0${time.startsWith('39') ? 2 : 1} ${time.replace('39:', '15:')}`);
  const calculator = createCalculator(
    [
      { charge, duration: 1 },
      { direction: 'incoming', duration, charge: 0 },
    ],
    'my',
  );
  const month = 201505;
  expect(listUsageRows(calculator, { contract: 'd123456789', month, service: 'ip050' }).at(-1)).toEqual([
    ...['着割対象通話', '1', time, discount],
  ]);
});

it.each([
  ['2017-10-31 23:59:50', 100, 'domestic', 201710],
  ['2017-10-31 23:59:50', 101, 'domestic', 201711],
  ['2017-12-31 23:59:59.9', 2, 'domestic', 201801],
  ['2017-10-31 23:59:50', 6000, 'directory', 201710],
])('a call that begins %s and takes %i tenths, of the type %s, is of %i', (start, duration, type, month) => {
  const calculator = createCalculator([{ start: readMoment(start), duration, type }]);
  expect(calculator.calls.map((call) => calculator.getBillingMonth(call))).toEqual([month]);
});

it('counts the days of all years and months', () => {
  for (const day of ['1999-12-31', '2000-02-29', '2016-02-29', '2017-02-28', '2017-12-31', '2018-01-01'])
    expect(writeDay(readMoment(day))).toBe(day);
  expect(toCivilTime(readMoment('2017-11-05 10:20:30.4'))).toEqual({
    ...{ year: 2017, month: 11, day: 5, weekday: '日', hour: 10, minute: 20, second: 30, tenth: 4 },
  });
  expect(listMonthsBefore(readMoment('2018-02-28'), 3)).toEqual([201801, 201712, 201711]);
});

it('writes amounts in six bytes, rounded half up', () => {
  expect([800, 99_999, 100_000, 123_455, 999_994, 999_995, 1_234_550].map(writeYenInSixBytes)).toEqual([
    ...['8.00', '999.99', '1000.0', '1234.6', '9999.9', '10000', '12346'],
  ]);
});

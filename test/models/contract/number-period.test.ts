import { db } from '../../../lib/database/db';
import { formatDay, parseDay, toJstDay } from '../../../lib/values/jst';
import { findContract, saveContract } from '../../../models/contract/contract';
import { openLineLookup } from '../../../models/contract/line-lookup';
import { StartDateError } from '../../../models/contract/number-period';
import { countNumbersInMonth, findNumberInMonth } from '../../../models/contract/numbers-in-month';
import { countPhoneNumbers } from '../../../models/contract/phone-number';
import { savePhoneNumber } from '../../../models/contract/save-numbers';
import { storeCalls } from '../../support/calls';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal, setClock } from '../../support/portal';

const NUMBER = '05011112222';
let [old, next, numberId] = [0, 0, 0];

const addPeriod = (contract_id: number, first: string, last: string) =>
  db('number_periods').insert({
    phone_number_id: numberId,
    contract_id,
    first_day: parseDay(first),
    last_day: parseDay(last),
  });
const addAlias = (first: string, last: string) =>
  db('number_aliases').insert({
    alias: 'shop',
    phone_number_id: numberId,
    first_day: parseDay(first),
    last_day: parseDay(last),
  });

beforeAll(async () => {
  await openTestPortal();
  setClock('2017-12-05T13:20:00+09:00');
  old = await saveTestContract('d1', [NUMBER], { start_date: '2017-10-01' });
  next = await saveTestContract('d2', [], { start_date: '2017-11-20' });
  numberId = (await db('phone_numbers').where({ number: NUMBER }).first<{ id: number }>()).id;
  // Ported away for a week, then moved, and nobody's for a day.
  await db('number_periods').update({ last_day: parseDay('2017-11-02') });
  await addPeriod(old, '2017-11-10', '2017-11-19');
  await addPeriod(next, '2017-11-20', '2017-11-30');
  await addAlias('2017-11-01', '2017-11-15');
});
afterAll(closeTestPortal);

it('counts days as dates are written', () => {
  expect(formatDay(parseDay('2017-11-05'))).toBe('2017-11-05');
  expect(toJstDay(Date.parse('2017-11-05T00:00:00+09:00') / 100)).toBe(parseDay('2017-11-05'));
  expect(toJstDay(Date.parse('2017-11-04T23:59:59.9+09:00') / 100)).toBe(parseDay('2017-11-04'));
});

it('lets no two periods of a number or alias overlap, whoever writes them', async () => {
  for (const [first, last] of [
    ['2017-11-02', '2017-11-05'],
    ['2017-11-08', '2017-11-10'],
    ['2017-09-01', '2018-01-01'],
    ['2017-11-12', '2017-11-13'],
  ] as const)
    await expect(addPeriod(next, first, last)).rejects.toThrow(/overlap/);
  await expect(
    db('number_periods')
      .where({ contract_id: next })
      .update({ first_day: parseDay('2017-11-19') }),
  ).rejects.toThrow(/overlap/);
  await expect(addPeriod(next, '2018-02-02', '2018-02-01')).rejects.toThrow(/number_periods_days/);
  await expect(addAlias('2017-11-15', '2017-11-20')).rejects.toThrow(/overlap/);
  await addAlias('2017-11-16', '2017-11-16');
});

it.each([
  ['2017-09-30', undefined],
  ['2017-10-01', 'old'],
  ['2017-11-02', 'old'],
  ['2017-11-03', undefined],
  ['2017-11-10', 'old'],
  ['2017-11-20', 'next'],
  ['2017-11-30', 'next'],
  ['2017-12-01', undefined],
])('finds who holds a number on %s', async (date, holder) => {
  const lookup = await openLineLookup();
  const expected = { old, next }[holder ?? ''];
  expect(lookup.find('+81-50-1111-2222', parseDay(date))?.contract_id).toBe(expected);
  expect(lookup.findName('050-1111-2222')).toEqual({ name: NUMBER, number: NUMBER });
});

it('finds a line by an alias on the days of the alias that somebody holds the number', async () => {
  const lookup = await openLineLookup();
  const isFound = (date: string) => lookup.find('shop', parseDay(date)) !== undefined;
  const days = ['2017-10-31', '2017-11-01', '2017-11-03', '2017-11-10', '2017-11-16', '2017-11-17'];
  expect(days.map(isFound)).toEqual([false, true, false, true, true, false]);
});

it('lists a number today, and in months in which it was held or has calls', async () => {
  await storeCalls(next, [{ from: NUMBER, at: '2017-11-30T23:59:00+09:00', duration: 1200 }]);
  const countIn = (contractId: number, month: number) => countNumbersInMonth({ contractId, month });
  const months = [201709, 201710, 201711, 201712, 201801];
  expect(await Promise.all(months.map((month) => countIn(old, month)))).toEqual([0, 1, 1, 0, 0]);
  expect(await Promise.all(months.map((month) => countIn(next, month)))).toEqual([0, 0, 1, 1, 0]);
  expect(await findNumberInMonth({ contractId: next, month: 201712 }, String(numberId))).toMatchObject({
    number: NUMBER,
  });
  expect(await findNumberInMonth({ contractId: old, month: 201712 }, String(numberId))).toBeUndefined();
  expect(await countPhoneNumbers(next, 'contract')).toBe(0);
  setClock('2017-11-30T23:59:00+09:00');
  expect([await countPhoneNumbers(next, 'contract'), await countPhoneNumbers(old, 'contract')]).toEqual([
    1, 0,
  ]);
});

it('lets numbers begin on the new start of a contract, where they can', async () => {
  const contract = await findContract(next);
  if (!contract) throw new Error('There is no contract d2');
  const { id, ...fields } = contract;
  await saveContract({ ...fields, start_date: '2017-11-25' });
  const readFirst = () => db('number_periods').where({ contract_id: id }).pluck('first_day');
  expect(await readFirst()).toEqual([parseDay('2017-11-25')]);
  const tooEarly = saveContract({ ...fields, start_date: '2017-11-18' });
  await expect(tooEarly).rejects.toThrow(StartDateError);
  await expect(tooEarly).rejects.toThrow(`${NUMBER} was held by another contract until 2017-11-19`);
  await expect(saveContract({ ...fields, start_date: '2017-12-01' })).rejects.toThrow(
    `${NUMBER} was held until 2017-11-30 only`,
  );
  expect(await readFirst()).toEqual([parseDay('2017-11-25')]);
  expect((await findContract(id))?.start_date).toBe('2017-11-25');
});

it('takes a number again that its holder has left', async () => {
  const third = await saveTestContract('d3', [], { start_date: '2018-01-01' });
  await savePhoneNumber(third, NUMBER, 'contract', ['desk']);
  const lookup = await openLineLookup();
  expect(lookup.find('desk', parseDay('2018-01-01'))?.contract_id).toBe(third);
  await expect(savePhoneNumber(next, NUMBER, 'contract')).rejects.toThrow('is a number of another contract');
});

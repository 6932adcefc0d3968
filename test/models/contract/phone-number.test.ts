import { parseDay } from '../../../lib/values/jst';
import { openLineLookup } from '../../../models/contract/line-lookup';
import { countPhoneNumbers, listPhoneNumbers } from '../../../models/contract/phone-number';
import { NumberTakenError, savePhoneNumber } from '../../../models/contract/save-numbers';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const DAY = parseDay('2017-11-02');
let own = 0;
let other = 0;

beforeAll(async () => {
  await openTestPortal();
  own = await saveTestContract('d1', ['05011112223', '05011112222:client1;201']);
  other = await saveTestContract('d2', ['05099990000']);
});
afterAll(closeTestPortal);

it('lists the numbers of one contract and kind in order, page by page', async () => {
  await savePhoneNumber(own, '0120111222', 'free_call');
  const listNumbers = async (offset: number) =>
    (await listPhoneNumbers(own, 'contract', offset, 1)).map(({ number }) => number);
  expect([await listNumbers(0), await listNumbers(1), await listNumbers(2)]).toEqual([
    ['05011112222'],
    ['05011112223'],
    [],
  ]);
  expect(await countPhoneNumbers(own, 'contract')).toBe(2);
  expect(await countPhoneNumbers(own, 'free_call')).toBe(1);
});

it('knows a line by its number in any notation and by its aliases', async () => {
  const directory = await openLineLookup();
  const line = directory.find('05011112222', DAY);
  expect(line?.contract_id).toBe(own);
  for (const name of ['+81-50-1111-2222', '050 1111 2222', 'client1', '201'])
    expect(directory.find(name, DAY)).toBe(line);
  for (const name of ['client', '05011112229', '', 'anonymous'])
    expect(directory.find(name, DAY)).toBeUndefined();
});

it('keeps aliases that are not mentioned, and replaces those that are', async () => {
  await savePhoneNumber(own, '05011112222', 'contract');
  expect((await openLineLookup()).find('client1', DAY)).toBeDefined();
  await savePhoneNumber(own, '05011112222', 'contract', ['client9']);
  const directory = await openLineLookup();
  expect(directory.find('client1', DAY)).toBeUndefined();
  expect(directory.find('client9', DAY)?.number).toBe('05011112222');
});

it("refuses another contract's number and another number's alias", async () => {
  await expect(savePhoneNumber(other, '05011112222', 'contract')).rejects.toThrow(NumberTakenError);
  await expect(savePhoneNumber(other, '05099990000', 'contract', ['client9'])).rejects.toThrow(
    NumberTakenError,
  );
  for (const alias of ['05011112222', '050-1111-2222'])
    await expect(savePhoneNumber(other, '05099990000', 'contract', [alias])).rejects.toThrow(
      NumberTakenError,
    );
  expect((await openLineLookup()).find('client9', DAY)?.number).toBe('05011112222');
});

it('refuses a number by which switches know another line, whose calls it would never get', async () => {
  await savePhoneNumber(own, '05011112223', 'contract', ['05077770000']);
  await expect(savePhoneNumber(other, '05077770000', 'contract')).rejects.toThrow(
    '05077770000 is already an alias of 05011112223',
  );
  expect((await openLineLookup()).find('05077770000', DAY)?.contract_id).toBe(own);
  expect(await countPhoneNumbers(other, 'contract')).toBe(1);
});

import { type Call, listCalls, getCallTotals } from '../../../models/call/list-calls';
import { INCOMING, OUTGOING } from '../../../models/call/new-call';
import type { CallSelection } from '../../../models/call/call-filter';
import { db } from '../../../lib/database/db';
import { storeCalls, type TestCall } from '../../support/calls';
import { createSelfPageUser } from '../../support/users';
import { closeTestPortal, openTestPortal } from '../../support/portal';

const MONTH = 201711;
const NUMBERS = ['05012345678', '05012345679'];
const CALLS = 2000;
const TYPES = ['domestic', 'mobile', 'international'];
const START = Date.parse('2017-11-10T22:00:00+09:00');

/** More and more of them an hour, over two midnights, some at the same moment; every third is an incoming one. */
const stored = Array.from({ length: CALLS }, (_, index): TestCall => {
  const at = START + Math.floor(Math.sqrt(index) * 40) * 60_000;
  return {
    from: NUMBERS[index % 2] ?? '',
    at: new Date(at).toISOString(),
    type: TYPES[index % 5] ?? 'domestic',
    to: `03${String(index).padStart(8, '0')}`,
    incoming: index % 3 === 0,
  };
});

let contractId: number;
let phoneNumberId: number;

beforeAll(async () => {
  await openTestPortal();
  contractId = (await createSelfPageUser(NUMBERS)).contractId;
  await storeCalls(contractId, stored);
  phoneNumberId = (await db('phone_numbers').where({ number: NUMBERS[0] }).first<{ id: number }>()).id;
});
afterAll(closeTestPortal);

const isOutgoing = ({ incoming }: TestCall) => !incoming;
const isOfNumber = ({ from }: TestCall) => from === NUMBERS[0];

const cases: [string, () => Partial<CallSelection>, (call: TestCall) => boolean][] = [
  ['all outgoing ones of a contract', () => ({}), isOutgoing],
  [
    'those of a number and category',
    () => ({ number: { phoneNumberId, types: { category: 'domestic' } } }),
    (call) => isOutgoing(call) && isOfNumber(call) && call.type === 'domestic',
  ],
  [
    'those of a number, both ways',
    () => ({ number: { phoneNumberId, types: {} }, directions: [OUTGOING, INCOMING] }),
    isOfNumber,
  ],
];

const listCalledNumbers = (calls: Call[]): string[] => calls.map(({ other_number }) => other_number);

describe('the pages of calls', () => {
  it.each(cases)(
    'show %s once and in order, from whichever side they are read',
    async (_name, of, belongs) => {
      const selection = { contractId, month: MONTH, ...of() };
      const expected = stored.filter(belongs).map(({ to = '' }) => to);
      const { calls: total } = await getCallTotals(selection);
      expect(total).toBe(expected.length);
      const limit = 70;
      for (let offset = 0; offset < total; offset += limit)
        expect(listCalledNumbers(await listCalls(selection, { offset, limit, total }))).toEqual(
          expected.slice(offset, offset + limit),
        );
      expect(await listCalls(selection, { offset: total, limit, total })).toEqual([]);
    },
  );

  it('are of one contract alone', async () => {
    const other = await createSelfPageUser();
    const selection = { contractId: other.contractId, month: MONTH };
    expect(await getCallTotals(selection)).toEqual({ calls: 0, charge: 0 });
    expect(await listCalls(selection, { offset: 0, limit: 10, total: 10 })).toEqual([]);
    const theirs = { ...selection, number: { phoneNumberId, types: {} } };
    expect(await listCalls(theirs, { offset: 0, limit: 10, total: 10 })).toEqual([]);
  });
});

import { db, isPostgres, queryRows } from '../../../../lib/database/db';
import {
  buildCallsContent,
  buildBlockQuery,
  fillFileNumbers,
  readCalls,
} from '../../../../models/detail-file/content/calls';
import { UnwritableLineError } from '../../../../models/detail-file/content/line-writer';
import { listFileNumbers } from '../../../../models/detail-file/content/numbers';
import { withSnapshot } from '../../../../models/detail-file/build';
import { deleteCalls, type TestCall, storeCalls, storeManyCalls } from '../../../support/calls';
import { createSelfPageUser, type TestSelfPageUser } from '../../../support/users';
import { closeTestPortal, openTestPortal } from '../../../support/portal';

const MONTH = 201711;
const NUMBERS = ['05012340001', '05012340002', '05012340003', '05012340004', '05012340005'];
const toTime = (second: number) =>
  new Date(Date.parse('2017-11-10T12:00:00+09:00') + second * 1000).toISOString();

let customer: TestSelfPageUser;

beforeAll(async () => {
  await openTestPortal();
  customer = await createSelfPageUser([...NUMBERS].reverse());
});
afterEach(deleteCalls);
afterAll(closeTestPortal);

/** All lines of the month, read so many at once. */
async function readLines(atOnce?: number): Promise<string[]> {
  return withSnapshot(async (snapshot) => {
    const content = await buildCallsContent(snapshot, customer.contractId, MONTH, atOnce);
    let text = '';
    for await (const lines of content.lines) text += Buffer.from(lines.utf8).toString();
    return text.split('\r\n').slice(0, -1);
  });
}

describe('chunks', () => {
  it('give the same lines in the same order, whatever their size', async () => {
    const calls = NUMBERS.flatMap((from, number) =>
      // Few and many, some of one start, none for one number, and not in the order of time.
      Array.from({ length: [7, 0, 1, 13, 4][number] ?? 0 }, (_, call) => ({
        from,
        at: toTime((call * 5) % 7),
        charge: number * 100 + call,
      })),
    );
    await storeCalls(customer.contractId, calls);
    const whole = await readLines();
    const expected = calls
      .map((call, order) => ({ ...call, order }))
      .sort((a, b) => a.from.localeCompare(b.from) || a.at.localeCompare(b.at) || a.order - b.order)
      .map(({ charge }) => (charge / 100).toFixed(2));

    expect(whole.map((line) => line.split(',').at(-1))).toEqual(expected);
    for (const size of [1, 2, 3, 5, 8, 100]) expect(await readLines(size)).toEqual(whole);
  });

  it('keep calls of one start together, in the order of their import', async () => {
    const calls = Array.from({ length: 9 }, (_, call) => ({
      from: '05012340001',
      at: toTime(call < 7 ? 1 : 2),
      charge: call,
    }));
    await storeCalls(customer.contractId, calls);
    const charges = (await readLines(2)).map((line) => Number(line.split(',').at(-1)) * 100);
    expect(charges.map(Math.round)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('a call that does not fit', () => {
  it.each<[string, Partial<TestCall>, string]>([
    ['a million yen', { charge: 99_999_950 }, 'too_large_amount'],
    ['a number of 22 digits', { to: '1234567890123456789012' }, 'unknown'],
    ['ten thousand hours', { duration: 360_000_000 }, 'unknown'],
  ])('fails the file: %s', async (_, call, failure) => {
    await storeCalls(customer.contractId, [{ from: '05012340001', at: '2017-11-01T00:00:00.0+09:00' }]);
    await storeCalls(customer.contractId, [{ from: '05012340002', at: toTime(0), ...call }]);
    await db('calls').update({ billing_month: MONTH }).where('duration', '>=', 360_000_000);
    await db('number_sums').update({ billing_month: MONTH }).where('duration', '>=', 360_000_000);
    await expect(readLines()).rejects.toThrow(UnwritableLineError);
    await expect(readLines()).rejects.toMatchObject({ failure });
  });
});

it('is read along the primary key, without sorting', async () => {
  if (isPostgres) return;
  const plan = await withSnapshot(async (snapshot) => {
    await fillFileNumbers(snapshot, [1]);
    const sql = buildBlockQuery({ contractId: customer.contractId, month: MONTH, atOnce: 5000 });
    const after = { position: 0, started_at: 0, id: 0 };
    return queryRows<{ detail: string }>(snapshot, `EXPLAIN QUERY PLAN ${sql}`, after);
  });
  const details = plan.map(({ detail }) => detail).join('\n');
  expect(details).toContain(
    'SEARCH c USING PRIMARY KEY (billing_month=? AND contract_id=? AND direction=? AND phone_number_id=? AND started_at>?',
  );
  expect(details).not.toContain('B-TREE');
});

it('shows one moment, though calls are imported meanwhile', async () => {
  const buildCall = (second: number): TestCall => ({ from: '05012340001', at: toTime(second) });
  await storeCalls(customer.contractId, [buildCall(1), buildCall(3), buildCall(5), buildCall(7)]);
  const { contractId } = customer;
  const seen = await withSnapshot(async (snapshot) => {
    const numbers = await listFileNumbers(snapshot, contractId, MONTH);
    const wanted = { contractId, month: MONTH, numbers: numbers.map(({ id }) => id), atOnce: 1 };
    await storeCalls(contractId, [buildCall(0)]);
    const blocks = [];
    for await (const block of readCalls(snapshot, wanted)) {
      blocks.push(Buffer.from(block).toString());
      await storeCalls(contractId, [buildCall(2 * blocks.length), buildCall(100 + blocks.length)]);
    }
    const promised = numbers.reduce((sum, { calls }) => sum + calls, 0);
    return { calls: blocks.join('').match(/\n/g)?.length, promised };
  });
  expect(seen).toEqual({ calls: 4, promised: 4 });
});

it('can be left before its end, and the connection does something else then', async () => {
  // More than fits into the buffers between server and client.
  const CALLS = 400_000;
  await storeManyCalls(customer.contractId, MONTH, CALLS);
  const count = await withSnapshot(async (snapshot) => {
    const { lines } = await buildCallsContent(snapshot, customer.contractId, MONTH);
    for await (const { rows } of lines) if (rows > 0) break;
    const [row] = await queryRows<{ count: number }>(snapshot, 'SELECT count(*) AS count FROM calls');
    return row?.count;
  });
  expect(count).toBe(CALLS);
});

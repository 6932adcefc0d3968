import { OUTGOING } from '../../../models/call/new-call';
import { CallSumAccumulator } from '../../../models/call/sum-accumulator';
import { db } from '../../../lib/database/db';

const type = { id: 1, code: 'domestic', label: '国内呼', category: 'domestic', counted: false };
const call = { contract_id: 1, direction: OUTGOING, call_type: type, duration: 5, charge: 800 };

function add(sums: CallSumAccumulator, count: number): void {
  for (let phone_number_id = 1; phone_number_id <= count; phone_number_id += 1)
    sums.add({ ...call, phone_number_id, started_at: 15_000_000_000 } as never, 201711, 5);
}

afterAll(() => db.destroy());

it('is full where there are too many to remember, and empty again when they are written', async () => {
  const sums = new CallSumAccumulator();
  add(sums, 19_998);
  expect([sums.isFull, sums.lines]).toEqual([false, 5000]);
  add(sums, 20_000);
  expect(sums.isFull).toBe(true);
  const written = await db.transaction(async (trx) => {
    await sums.write(trx);
    expect([sums.isFull, sums.lines]).toEqual([false, 5000]);
    add(sums, 1);
    await sums.write(trx);
    const row: unknown = await trx('call_days')
      .sum({ calls: 'calls', duration: 'duration', charge: 'charge' })
      .count({ groups: '*' })
      .first();
    const hours: unknown = await trx('call_hours').select('hour', 'calls');
    expect(hours).toEqual([
      { hour: 416_666, calls: 39_998 },
      { hour: 416_666, calls: 1 },
    ]);
    for (const table of ['call_days', 'call_hours']) await trx.raw(`DROP TABLE ${table}`);
    return row;
  });
  expect(written).toEqual({ calls: 39_999, duration: 199_995, charge: 31_999_200, groups: 20_001 });
  expect(sums.months).toEqual([
    { billing_month: 201711, calls: 39_999, duration: 199_995, charge: 31_999_200 },
  ]);
});
